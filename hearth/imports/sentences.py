"""The sentence for each code of `hearth.lib`, by family: file, row, cell, phone, e-mail, identity number."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_FILE: Mapping[str, str | Promise] = {
    "empty_file": _("The file is empty."),
    "header_only": _("The file has column names but no rows below them."),
    "no_header": _("Row %(row)s holds values where the column names should be. Put a row of names on top."),
    "title_above_header": _(
        "Row %(row)s looks like a title above the column names. Delete it, so that the names come first."
    ),
    "header_too_short": _(
        "Row %(row)s names %(names)s columns, but the rows below it hold %(cells)s cells. Delete what stands above "
        "the column names, or give every column a name."
    ),
    "hidden_sheets": _(
        "The visible sheets are empty, and hidden ones are not read. Show the sheet that is meant."
    ),
    "broken_json": _("Line %(line)s is no JSON object. Write one object a line."),
    "doubled_key": _("In line %(line)s the key “%(name)s” occurs twice."),
    "nested_value": _("In line %(line)s “%(name)s” holds more than a single value."),
    "several_files": _("The archive holds %(files)s files. Pack one table alone."),
    "encrypted_archive": _("The archive has a password. Pack it without one."),
    "zero_bytes": _(
        "Line %(line)s holds zero bytes, which no text does. Export the file again, as CSV UTF-8 or XLSX."
    ),
    "damaged_file": _("The file is damaged. Open it where it comes from and save it again."),
    "encrypted_workbook": _("The workbook has a password. Save it without one."),
    "legacy_xls": _("This is the old Excel format (.xls). Save it as .xlsx or CSV."),
    "not_a_table": _("This is %(kind)s, not a table. Save the table as CSV or XLSX."),
    "expands_too_far": _("The file unpacks to an enormous size and was not opened."),
    "too_many_rows": _("The sheet has more than %(limit)s rows. Split it."),
    "too_many_columns": _("The file has %(columns)s columns; at most %(limit)s are read."),
    "sheet_too_large": _(
        "The sheet reaches to row %(rows)s and column %(columns)s, most of it empty. Delete the empty part."
    ),
    "cell_too_long": _("A cell near row %(row)s is longer than %(limit)s characters."),
    "open_quote": _("From row %(row)s on a quotation mark is opened and never closed."),
    "stray_quote": _("In row %(row)s a quotation mark stands in the middle of a cell."),
    "unknown_encoding_name": _("“%(encoding)s” is no encoding known here. Choose UTF-8, GB18030 or UTF-16."),
    "wrong_encoding": _(
        "The file is not in the encoding %(encoding)s: line %(line)s cannot be read. Choose another encoding."
    ),
    "mixed_encodings": _(
        "The file mixes two encodings: line %(line)s differs from the others. Save it as UTF-8 in one piece."
    ),
    "unknown_encoding": _(
        "Line %(line)s is in no encoding known here. Save the file as “CSV UTF-8” and upload it again."
    ),
    "unknown_sheet": _("There is no sheet “%(sheet)s”. The sheets are: %(sheets)s."),
    "merged_header": _("Cells of the column names in row %(row)s are merged. Separate them."),
    "blank_column_name": _("Column %(column)s has no name in row %(row)s."),
    "doubled_column_name": _("The column name “%(name)s” occurs twice: %(columns)s. Rename one."),
    "unreadable_column": _("The column “%(name)s” holds a type that is no table cell (%(kind)s)."),
}
_ROW: Mapping[str, str | Promise] = {
    "row_too_short": _(
        "The row has %(cells)s cells instead of %(expected)s: a separator is missing or the row was cut."
    ),
    "row_too_long": _(
        "The row has %(cells)s cells instead of %(expected)s: a text with a comma needs quotation marks."
    ),
    "repeated_header": _("The column names are repeated here; the row is passed over."),
    "total_row": _("This is a row of totals; it is passed over."),
    "merged_cells": _("The cells %(cells)s are merged: the value counts for the first row only."),
}
_CELL: Mapping[str, str | Promise] = {
    "empty": _("This must not be empty."),
    "excel_error": _("The formula in this cell failed."),
    "not_a_date": _("This is no date. Write it as 2024-05-31."),
    "ambiguous_date": _("Day and month cannot be told apart. Write the date as 2024-05-31."),
    "impossible_date": _("This day does not exist in the calendar."),
    "incomplete_date": _("The date lacks its year or day. Write it as 2024-05-31."),
    "two_digit_year": _("Write the year with four digits."),
    "excel_serial": _("This is a day number of Excel. Format the column as a date and save the file again."),
    "not_a_time": _("The time beside the date cannot be read. Write it as 14:30."),
    "impossible_time": _("This time of day does not exist."),
    "date_out_of_range": _("The date must lie between %(earliest)s and %(latest)s."),
    "not_a_number": _("This is no number."),
    "bad_grouping": _("The commas stand in odd places, so the number has two readings."),
    "amount_range": _("This is a range. Write one number."),
    "approximate": _("This is an approximate number. Write the exact one."),
    "foreign_currency": _("Write the amount in yuan."),
    "negative": _("This must not be negative."),
    "too_precise": _("At most %(places)s digits after the point."),
    "too_large": _("The number is too large."),
    "unknown_unit": _("This unit is not known. Write square metres."),
    "not_positive": _("This must be more than zero."),
    "not_whole": _("Write a whole number."),
    "out_of_range": _("The number must lie between %(minimum)s and %(maximum)s."),
    "not_yes_or_no": _("Write yes or no."),
    "unknown_choice": _("This word is not known here. Known are: %(choices)s."),
    "control_character": _("The cell holds an invisible control character. Type it again."),
    "broken_encoding": _("The text is damaged: it was saved in a wrong encoding earlier."),
    "too_long": _("The text has %(length)s characters; at most %(limit)s fit."),
}
_PHONE: Mapping[str, str | Promise] = {
    "empty": _("The phone number is empty."),
    "letters": _("A phone number holds no letters or words."),
    "float_damage": _(
        "Excel has rounded the last digits away. Format the column as text and enter the number again."
    ),
    "too_short": _("The phone number has too few digits."),
    "too_long": _("The phone number has too many digits."),
    "no_area_code": _("The area code is missing, for example 0755."),
    "several": _("These are several numbers; separate them by a comma."),
    "not_a_number": _("This is no phone number."),
}
_EMAIL: Mapping[str, str | Promise] = {
    "empty": _("The e-mail address is empty."),
    "too_long": _("The e-mail address is too long."),
    "several": _("Write one e-mail address only."),
    "not_an_address": _("This is no e-mail address."),
}
_IDENTITY: Mapping[str, str | Promise] = {
    "empty": _("The identity number is empty."),
    "float_damage": _(
        "Excel has rounded the last digits away. Format the column as text and enter the number again."
    ),
    "length": _("The identity number has %(length)s characters instead of 18."),
    "characters": _("An identity number is made of 17 digits and a digit or X."),
    "region": _("The identity number begins with a region that does not exist."),
    "date": _("The date of birth inside the identity number does not exist."),
    "checksum": _("The last character of the identity number does not fit: a digit is mistyped."),
}

SENTENCES: Mapping[str, str | Promise] = {
    f"{family}.{code}": sentence
    for family, sentences in {
        "file": _FILE,
        "row": _ROW,
        "cell": _CELL,
        "phone": _PHONE,
        "email": _EMAIL,
        "identity": _IDENTITY,
    }.items()
    for code, sentence in sentences.items()
}
