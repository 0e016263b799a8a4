"""Which files a contact may carry, told by how they begin and not by what they are called."""

from collections.abc import Sequence
from pathlib import PurePath
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from hearth.core.errors import InvalidInput

MOST_FILES, MOST_BYTES = 5, 10 * 1024 * 1024
LONGEST_BEGINNING = 16
# Endings, how such a file begins, and what it is called on the web.
KINDS: Sequence[tuple[frozenset[str], bytes, str]] = (
    (frozenset({".pdf"}), b"%PDF-", "application/pdf"),
    (frozenset({".png"}), b"\x89PNG\r\n\x1a\n", "image/png"),
    (frozenset({".jpg", ".jpeg"}), b"\xff\xd8\xff", "image/jpeg"),
    (
        frozenset({".docx"}),
        b"PK\x03\x04",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    (
        frozenset({".xlsx"}),
        b"PK\x03\x04",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
)


class FileNotTaken(InvalidInput):
    """Only pictures and documents are taken, and no program in their clothes."""

    code = "file_not_taken"
    message = _("“%(name)s” is not a PDF, picture (PNG, JPEG), Word or Excel file.")


class FileTooLarge(InvalidInput):
    """A file is read whole by whoever opens the contact."""

    code = "file_too_large"
    message = _("“%(name)s” is larger than %(megabytes)s MB.")


class TooManyFiles(InvalidInput):
    """More files belong into a folder, not to a contact."""

    code = "too_many_files"
    message = _("At most %(most)s files go with one entry.")


def check_files(files: Sequence["UploadedFile[Any]"]) -> list[str]:
    """Return the media type of each file, or refuse.

    :raises TooManyFiles, FileTooLarge, FileNotTaken:
    """
    if len(files) > MOST_FILES:
        raise TooManyFiles("attachments", most=MOST_FILES)
    return [_media_type(file) for file in files]


def _media_type(file: "UploadedFile[Any]") -> str:
    name = file.name or "file"
    if (file.size or 0) > MOST_BYTES:
        raise FileTooLarge("attachments", name=name, megabytes=MOST_BYTES // 1024 // 1024)
    file.seek(0)
    beginning = file.read(LONGEST_BEGINNING)
    file.seek(0)
    ending = PurePath(name).suffix.lower()
    for endings, signature, media_type in KINDS:
        if ending in endings and beginning.startswith(signature):
            return media_type
    raise FileNotTaken("attachments", name=name)
