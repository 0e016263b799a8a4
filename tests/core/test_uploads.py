"""Files that want to do harm, and what becomes of each."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from hearth.core.errors import InvalidInput
from hearth.core.uploads import (
    PAPERS,
    TABLES,
    FileExpandsTooFar,
    FileNotTaken,
    FileOfTwoKinds,
    FileTooLarge,
    FileWithMacros,
    PictureDamaged,
    PictureTooLarge,
    Use,
    accept_upload,
)
from hearth.lib.file_kinds import clean_name

ORIENTATION, GPS, MAKE = 0x0112, 0x8825, 0x010F


def picture(form: str, size: tuple[int, int] = (40, 20), *, exif: "Image.Exif | None" = None) -> bytes:
    written = io.BytesIO()
    image = Image.new("RGB", size, "red")
    image.paste((0, 0, 255), (0, 0, size[0] // 2, size[1]))
    image.save(written, form, **({"exif": exif} if exif else {}))
    return written.getvalue()


def document(*further: tuple[str, bytes], main: str = "word/document.xml", comment: bytes = b"") -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (("[Content_Types].xml", b"<Types/>"), (main, b"<document/>"), *further):
            archive.writestr(name, content)
        archive.comment = comment
    return written.getvalue()


def png_of_size(width: int, height: int) -> bytes:
    """Write a few bytes that say they are a huge picture."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(1_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def bomb() -> bytes:
    return document(("word/media/image1.bin", bytes(210_000_000)))


HOSTILE: dict[str, tuple[str, Callable[[], bytes], type[InvalidInput]]] = {
    "a program": ("setup.exe", lambda: b"MZ\x90", FileNotTaken),
    "a program called a document": ("plan.pdf", lambda: b"MZ\x90", FileNotTaken),
    "a page": ("plan.html", lambda: b"<html><script>", FileNotTaken),
    "a page called a document": ("plan.pdf", lambda: b"<html><script>", FileNotTaken),
    "a page called a picture": ("plan.png", lambda: b"<html><script>", FileNotTaken),
    "a drawing with scripts": ("plan.svg", lambda: b"<svg onload='x()'>", FileNotTaken),
    "a drawing called a picture": ("plan.png", lambda: b"<svg onload='x()'>", FileNotTaken),
    "a document called a page": ("plan.html", lambda: b"%PDF-1.7", FileNotTaken),
    "two endings": ("plan.pdf.exe", lambda: b"%PDF-1.7", FileNotTaken),
    "the ending turned round by a mark": ("plan\u202efdp.exe", lambda: b"%PDF-1.7", FileNotTaken),
    "a picture of another form": ("plan.png", lambda: picture("JPEG"), FileNotTaken),
    "nothing": ("plan.pdf", lambda: b"", FileNotTaken),
    "no ending": ("plan", lambda: b"%PDF-1.7", FileNotTaken),
    "a page inside of a document's beginning": (
        "plan.pdf",
        lambda: b"%PDF-1.7\n<script>fetch('/')</script>",
        FileOfTwoKinds,
    ),
    "an archive behind a document": ("plan.pdf", lambda: b"%PDF-1.7\n%%EOF\n" + document(), FileOfTwoKinds),
    "something behind an archive": ("plan.docx", lambda: document() + b"MZ" + bytes(30), FileOfTwoKinds),
    "something in the comment of an archive": (
        "plan.docx",
        lambda: document(comment=b"<script>"),
        FileOfTwoKinds,
    ),
    "an archive that is no document": ("plan.docx", lambda: document(main="evil.jar"), FileNotTaken),
    "a workbook called a document": ("plan.docx", lambda: document(main="xl/workbook.xml"), FileNotTaken),
    "a broken archive": ("plan.xlsx", lambda: b"PK\x03\x04" + bytes(200), FileNotTaken),
    "macros": ("plan.docx", lambda: document(("word/vbaProject.bin", b"x")), FileWithMacros),
    "a document that fills the memory": ("plan.docx", bomb, FileExpandsTooFar),
    "a document of endless parts": (
        "plan.docx",
        lambda: document(*((f"word/{number}.xml", b"") for number in range(5_001))),
        FileExpandsTooFar,
    ),
    "a picture that fills the memory": ("plan.png", lambda: png_of_size(60_000, 60_000), PictureTooLarge),
    "a picture a little too large": ("plan.png", lambda: png_of_size(10_000, 5_001), PictureTooLarge),
    "a picture that breaks off": ("plan.jpg", lambda: picture("JPEG", (400, 400))[:900], PictureDamaged),
    "the beginning of a picture alone": (
        "plan.png",
        lambda: b"\x89PNG\r\n\x1a\n" + bytes(50),
        PictureDamaged,
    ),
    "too many bytes": ("plan.pdf", lambda: b"%PDF-" + bytes(PAPERS.most_bytes), FileTooLarge),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_file_is_refused_with_the_reason_in_both_languages(case: str) -> None:
    name, make, refusal = HOSTILE[case]

    with pytest.raises(refusal) as refused:
        accept_upload(SimpleUploadedFile(name, make()), PAPERS)

    assert type(refused.value) is refusal
    assert refused.value.field == "attachments"
    with override("en"):
        in_english = str(refused.value)
    with override("zh-hans"):
        in_chinese = str(refused.value)
    assert "“plan" in in_english or "“setup" in in_english
    assert in_chinese != in_english


def test_a_picture_keeps_nothing_but_what_is_seen() -> None:
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKE] = 6, "Camera of Mrs Wang"
    exif.get_ifd(GPS)[1] = "N"
    taken = picture("JPEG", exif=exif) + b"<script>behind</script>" + document()

    accepted = accept_upload(SimpleUploadedFile("工地.jpg", taken), PAPERS)

    kept = accepted.content.read()
    drawn = Image.open(io.BytesIO(kept))
    assert (accepted.name, accepted.media_type) == ("工地.jpg", "image/jpeg")
    assert (drawn.size, len(drawn.getexif())) == ((20, 40), 0)
    above, below = drawn.crop((0, 0, 20, 10)).tobytes(), drawn.crop((0, 30, 20, 40)).tobytes()
    assert above[2] > above[0]  # what was left is above now
    assert below[2] < below[0]
    assert b"Camera" not in kept
    assert b"script" not in kept
    assert not zipfile.is_zipfile(io.BytesIO(kept))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_a_picture_of_any_sort_is_drawn_anew(mode: str) -> None:
    written = io.BytesIO()
    Image.new(mode, (30, 20)).save(written, "PNG")
    file = SimpleUploadedFile("plan.png", written.getvalue() + b"PK\x05\x06 hidden")

    accepted = accept_upload(file, PAPERS)

    drawn = Image.open(accepted.content)
    assert (drawn.size, drawn.format) == ((30, 20), "PNG")


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("plan.pdf", b"%PDF-1.7 drawing", "application/pdf"),
        (
            "plan.docx",
            document(),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        (
            "PLAN.XLSX",
            document(main="xl/workbook.xml"),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
    ],
)
def test_documents_come_through_as_they_are(name: str, content: bytes, media_type: str) -> None:
    accepted = accept_upload(SimpleUploadedFile(name, content), PAPERS)

    assert (accepted.content.read(), accepted.name, accepted.media_type) == (content, name, media_type)


def test_a_use_takes_its_own_kinds_alone() -> None:
    with pytest.raises(FileNotTaken):
        accept_upload(SimpleUploadedFile("plan.pdf", b"%PDF-1.7"), Use("seal", frozenset({"png"}), 1_000))


def test_a_file_of_rows_is_never_said_to_be_anything_to_show() -> None:
    accepted = accept_upload(SimpleUploadedFile("rows.html", b"<html>"), TABLES)

    assert accepted.media_type == "application/octet-stream"


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\windows\\system.ini", "system.ini"),
        ("户型图 (1).pdf", "户型图 (1).pdf"),
        ("plan\u202efdp.exe", "planfdp.exe"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie x.pdf"),
        ('a"; filename="b.exe', "a ; filename= b.exe"),
        (".htaccess", "htaccess"),
        ("...", "file"),
        ("", "file"),
        ("CON\x00.pdf", "CON.pdf"),
    ],
)
def test_a_name_is_cleaned(given_name: str, kept: str) -> None:
    assert clean_name(given_name) == kept


@given(st.text(max_size=400))
def test_any_name_becomes_a_short_one_without_a_path(name: str) -> None:
    kept = clean_name(name)

    assert kept
    assert len(kept) <= 130
    assert not set(kept) & set('/\\\r\n\x00"<>')
    assert kept not in {".", ".."}
