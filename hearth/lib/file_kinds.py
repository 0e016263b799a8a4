"""What a file is by its content, and whether it is two things at once or more than it seems. Knows no Django."""

import re
import unicodedata
import zipfile
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import IO

PDF, PNG, JPEG, DOCX, XLSX = "pdf", "png", "jpeg", "docx", "xlsx"
ENDINGS: Mapping[str, str] = {
    ".pdf": PDF,
    ".png": PNG,
    ".jpg": JPEG,
    ".jpeg": JPEG,
    ".docx": DOCX,
    ".xlsx": XLSX,
}
MEDIA_TYPES: Mapping[str, str] = {
    PDF: "application/pdf",
    PNG: "image/png",
    JPEG: "image/jpeg",
    DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
BEGINNINGS: Mapping[str, bytes] = {
    PDF: b"%PDF-",
    PNG: b"\x89PNG\r\n\x1a\n",
    JPEG: b"\xff\xd8\xff",
    DOCX: b"PK\x03\x04",
    XLSX: b"PK\x03\x04",
}
MAIN_PARTS: Mapping[str, str] = {DOCX: "word/document.xml", XLSX: "xl/workbook.xml"}
START = 1_024
END_OF_ARCHIVE, END_BYTES = b"PK\x05\x06", 22
MOST_UNPACKED, MOST_PARTS = 200_000_000, 5_000
MARKUP = re.compile(rb"<(?:!doctype|html|script|svg|iframe|body)\b", re.IGNORECASE)
UNSAFE = re.compile(r'[<>:"|?*\\/]')
LONGEST_STEM, LONGEST_ENDING = 120, 10


class Unfit(ValueError):
    """The file is not taken; `code` says why: other_kind, two_kinds, macros, expands_too_far."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def kind_of(name: str, content: IO[bytes]) -> str:
    """Return what a file is, where its name and its content say the same and it is nothing else beside.

    :raises Unfit: naming the reason
    """
    kind = ENDINGS.get(PurePosixPath(name).suffix.lower())
    content.seek(0)
    start = content.read(START)
    if kind is None or not start.startswith(BEGINNINGS[kind]):
        raise Unfit("other_kind")
    if kind in MAIN_PARTS:
        _check_office(content, MAIN_PARTS[kind])
    elif kind == PDF and (MARKUP.search(start) or zipfile.is_zipfile(content)):
        raise Unfit("two_kinds")
    content.seek(0)
    return kind


def _check_office(content: IO[bytes], main_part: str) -> None:
    """Look at the list of what a document packs; nothing is unpacked."""
    try:
        with zipfile.ZipFile(content) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError, OSError) as error:
        raise Unfit("other_kind") from error
    names = {part.filename for part in parts}
    if not {main_part, "[Content_Types].xml"} <= names or any(part.flag_bits & 1 for part in parts):
        raise Unfit("other_kind")
    if any(PurePosixPath(name).name.lower() == "vbaproject.bin" for name in names):
        raise Unfit("macros")
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Unfit("expands_too_far")
    content.seek(-END_BYTES, 2)
    if min(part.header_offset for part in parts) or content.read(4) != END_OF_ARCHIVE:
        raise Unfit("two_kinds")


def clean_name(name: str, *, otherwise: str = "file") -> str:
    """Return the last part of a name without what misleads: paths, control and direction marks, reserved signs."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    visible = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C")
    plain = " ".join(UNSAFE.sub(" ", visible).split()).strip(". ")
    path = PurePosixPath(plain or otherwise)
    return f"{path.stem[:LONGEST_STEM]}{path.suffix[:LONGEST_ENDING]}"
