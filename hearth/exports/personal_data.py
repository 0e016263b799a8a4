"""Files that were taken out and are still kept, and what they were asked for with."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from hearth.core.personal_data import (
    ErasureMustWait,
    Person,
    holds_none,
    naming,
    register_personal_data,
    strike_out_in,
)
from hearth.core.personal_files import names_in_file
from hearth.exports.files import path_of
from hearth.exports.models import Export, ExportedRows
from hearth.lists.personal_data import without


class ExportUnderWay(ErasureMustWait):
    """A file is being written that may hold the person."""

    code = "export_under_way"
    message = _("A file is being written that may hold this customer. Try again when it is ready.")


def erase_exports(person: Person, now: datetime) -> int:
    """Remove kept files that speak of the person, and the person from what was asked for.

    :raises ExportUnderWay: if one is being written
    """
    if Export.objects.filter(state=Export.State.RUNNING).exists():
        raise ExportUnderWay
    number = 0
    for export in Export.objects.filter(state=Export.State.DONE):
        if names_in_file(path_of(export), person.words | person.names):
            path_of(export).unlink()
            export.state, export.updated_at = Export.State.EXPIRED, now
            export.save(update_fields=["state", "updated_at"])
            number += 1
    for export in naming(Export.objects.all(), person, "parameters", "row_ids", with_ids=True):
        export.parameters = without(export.parameters, person)
        export.row_ids = export.row_ids and [key for key in export.row_ids if not person.is_meant_in(key)]
        export.save(update_fields=["parameters", "row_ids"])
        number += 1
    return number + strike_out_in(Export.objects.all(), person, "name", "reason", "decision_note")


register_personal_data("exports.files", _("Exports"), Export, erase=erase_exports)
holds_none(ExportedRows, because="Ids of rows that files held, forgotten after half a year.")
