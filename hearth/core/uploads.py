"""The one way in for files that people and programs send: what is taken where, and what becomes of it.

A file is told by its content, which must agree with its name; pictures are drawn anew, so that what cameras write into
them and whatever was hidden behind them is gone. `accept_upload` is asked by the service that keeps the file, so that
pages, API, commands and jobs cannot pass it by.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.files import File
from django.utils.translation import gettext_lazy as _

from hearth.core.errors import InvalidInput
from hearth.lib.file_kinds import DOCX, JPEG, MEDIA_TYPES, PDF, PNG, XLSX, Unfit, clean_name, kind_of
from hearth.lib.pictures import MOST_PIXELS, NoPicture, TooManyPixels, draw_anew

MEGABYTE = 1024 * 1024
DRAWN: Mapping[str, str] = {PNG: "PNG", JPEG: "JPEG"}
UNKNOWN = "application/octet-stream"


@dataclass(frozen=True)
class Use:
    """What files are for: of which kinds, how large, and the field of the form that is named in a refusal.

    Without kinds, what the file is is told by whoever reads it afterwards; it is never shown.
    """

    field: str
    kinds: frozenset[str]
    most_bytes: int


PAPERS = Use("attachments", frozenset({PDF, PNG, JPEG, DOCX, XLSX}), 10 * MEGABYTE)
"""Documents and pictures beside a contact."""

EVIDENCE = Use("evidence_file", frozenset({PDF, PNG, JPEG}), 10 * MEGABYTE)
"""The scan or photo of what a customer signed."""

DRAWING = Use("drawing", frozenset({PDF, PNG, JPEG}), 10 * MEGABYTE)
"""The plan on which a disclosure marks what lies where."""

PHOTO = Use("photo", frozenset({PNG, JPEG}), 10 * MEGABYTE)
"""The photo of what hangs on a board."""

SIGNATURE = Use("signature", frozenset({PNG}), MEGABYTE)
"""What was drawn with the finger on a phone."""

PROOF = Use("file", frozenset({PDF, PNG, JPEG}), 10 * MEGABYTE)
"""The page, picture or letter that proves a promise, or what became of it."""

TABLES = Use("file", frozenset(), 1024 * MEGABYTE)
"""Files of rows to import; the reader tells what they are and refuses what is no table."""


class FileNotTaken(InvalidInput):
    """Only pictures and documents are taken, and no program in their clothes."""

    code = "file_not_taken"
    message = _("“%(name)s” is not a PDF, picture (PNG, JPEG), Word or Excel file.")


class FileTooLarge(InvalidInput):
    """A file is read whole by whoever opens what it belongs to."""

    code = "file_too_large"
    message = _("“%(name)s” is larger than %(megabytes)s MB.")


class FileOfTwoKinds(InvalidInput):
    """The file is something else as well: a page, or an archive behind a document."""

    code = "file_of_two_kinds"
    message = _("“%(name)s” holds something else beside the document. Save it anew and send that.")


class FileWithMacros(InvalidInput):
    """The document holds a program."""

    code = "file_with_macros"
    message = _("“%(name)s” holds macros. Save it without them.")


class FileExpandsTooFar(InvalidInput):
    """Unpacked, the document would fill the memory of whoever opens it."""

    code = "file_expands_too_far"
    message = _("“%(name)s” is packed so that it would fill the memory when it is opened.")


class PictureDamaged(InvalidInput):
    """The picture breaks off, or is none."""

    code = "picture_damaged"
    message = _("“%(name)s” is a damaged picture. Open it, save it anew and send that.")


class PictureTooLarge(InvalidInput):
    """Drawn, the picture would fill the memory."""

    code = "picture_too_large"
    message = _("“%(name)s” has more than %(megapixels)s million pixels. Make it smaller.")


REFUSALS: Mapping[str, type[InvalidInput]] = {
    "other_kind": FileNotTaken,
    "two_kinds": FileOfTwoKinds,
    "macros": FileWithMacros,
    "expands_too_far": FileExpandsTooFar,
}


@dataclass(frozen=True)
class Accepted:
    """A file as it may be kept."""

    content: "File[bytes]"
    name: str
    media_type: str


def accept_upload(file: "File[Any]", use: Use) -> Accepted:
    """Return a file as it may be kept for a use: its name cleaned, its kind known, a picture drawn anew.

    :raises FileTooLarge, FileNotTaken, FileOfTwoKinds, FileWithMacros, FileExpandsTooFar:
    :raises PictureDamaged, PictureTooLarge:
    """
    name = clean_name(file.name or "")
    if file.size > use.most_bytes:
        raise FileTooLarge(use.field, name=name, megabytes=use.most_bytes // MEGABYTE)
    if not use.kinds:
        return Accepted(file, name, UNKNOWN)
    try:
        kind = kind_of(name, file)
    except Unfit as unfit:
        raise REFUSALS[unfit.code](use.field, name=name) from unfit
    if kind not in use.kinds:
        raise FileNotTaken(use.field, name=name)
    content = _draw(file, DRAWN[kind], name, use) if kind in DRAWN else file
    return Accepted(content, name, MEDIA_TYPES[kind])


def _draw(file: "File[Any]", form: str, name: str, use: Use) -> "File[bytes]":
    try:
        return File(io.BytesIO(draw_anew(file, form)), name=name)
    except NoPicture as error:
        raise PictureDamaged(use.field, name=name) from error
    except TooManyPixels as error:
        raise PictureTooLarge(use.field, name=name, megapixels=MOST_PIXELS // 1_000_000) from error
