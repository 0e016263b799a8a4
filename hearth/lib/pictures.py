"""Pictures drawn anew, so that nothing remains of a file but what is seen on it."""

from __future__ import annotations

import io
import struct
import zlib
from typing import IO, TYPE_CHECKING, Any

from hearth.postponed import Postponed

if TYPE_CHECKING:
    from PIL import Image, ImageOps
else:
    Image, ImageOps = Postponed("PIL.Image"), Postponed("PIL.ImageOps")

MOST_PIXELS = 50_000_000
"""What telephones take; drawn, each needs three or four bytes of memory, twice for a moment."""

QUALITY = 90
PLAIN = frozenset({"L", "RGB", "RGBA"})
BROKEN = (OSError, SyntaxError, ValueError, EOFError, LookupError, OverflowError, struct.error, zlib.error)


class NoPicture(ValueError):
    """The file is no such picture, or a damaged one."""


class TooManyPixels(ValueError):
    """Drawn, the picture would fill the memory."""


def draw_anew(content: IO[bytes], form: str) -> bytes:
    """Return a picture as it is seen: upright, without its data about camera, place and time, and nothing behind it.

    :param form: PNG or JPEG
    :raises NoPicture: if it is none of this form, or breaks off
    :raises TooManyPixels: before it is drawn
    """
    content.seek(0)
    try:
        with Image.open(content, formats=(form,)) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise TooManyPixels
            return _write(_upright(picture, form), form)
    except TooManyPixels:
        raise
    except BROKEN as error:
        raise NoPicture from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise TooManyPixels from error


def _upright(picture: Any, form: str) -> Any:
    turned = ImageOps.exif_transpose(picture)
    if form == "JPEG":
        return turned.convert("RGB")
    return turned if turned.mode in PLAIN else turned.convert("RGBA")


def _write(picture: Any, form: str) -> bytes:
    picture.info = {}
    written = io.BytesIO()
    picture.save(written, form, **({"quality": QUALITY} if form == "JPEG" else {}))
    return written.getvalue()
