"""Why a file of a mail was not kept, in words."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

REFUSALS: Mapping[str, str | Promise] = {
    "file_not_taken": pgettext_lazy("file of a mail", "not kept: neither PDF, picture, Word nor Excel file"),
    "file_too_large": pgettext_lazy("file of a mail", "not kept: larger than 10 MB"),
    "file_of_two_kinds": pgettext_lazy(
        "file of a mail", "not kept: it holds something else beside the document"
    ),
    "file_with_macros": pgettext_lazy("file of a mail", "not kept: it holds macros"),
    "file_expands_too_far": pgettext_lazy("file of a mail", "not kept: opened, it would fill the memory"),
    "picture_damaged": pgettext_lazy("file of a mail", "not kept: a damaged picture"),
    "picture_too_large": pgettext_lazy("file of a mail", "not kept: a picture of too many pixels"),
}
OTHERWISE = pgettext_lazy("file of a mail", "not kept")


def refusal_in_words(code: str) -> str:
    """Say why a file was not kept; empty where it was."""
    return str(REFUSALS.get(code, OTHERWISE)) if code else ""
