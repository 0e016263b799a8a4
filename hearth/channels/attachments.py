"""How many files a contact may carry, and each of them as it may be kept."""

from collections.abc import Sequence
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from hearth.core.errors import InvalidInput
from hearth.core.uploads import PAPERS, Accepted, accept_upload

MOST_FILES = 5


class TooManyFiles(InvalidInput):
    """More files belong into a folder, not to a contact."""

    code = "too_many_files"
    message = _("At most %(most)s files go with one entry.")


def accept_files(files: Sequence["UploadedFile[Any]"]) -> list[Accepted]:
    """Return the files as they may be kept, or refuse all of them.

    :raises TooManyFiles: if there are more than five
    :raises InvalidInput: as `accept_upload`
    """
    if len(files) > MOST_FILES:
        raise TooManyFiles(PAPERS.field, most=MOST_FILES)
    return [accept_upload(file, PAPERS) for file in files]
