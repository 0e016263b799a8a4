"""The words of mail as text: bytes of whatever character set, headers with encoded words, nothing that does harm."""

import re
from email.errors import HeaderParseError
from email.header import decode_header

# What mail programs call them, and what reads more than they mean: GB 18030 holds all older Chinese sets.
CHARSETS = {
    **dict.fromkeys(("gb2312", "gb_2312-80", "gbk", "x-gbk", "cp936", "gb18030", "hz-gb-2312"), "gb18030"),
    **dict.fromkeys(("utf-8", "utf8", "unicode-1-1-utf-8"), "utf-8"),
    **dict.fromkeys(("big5", "big5-hkscs", "x-big5"), "big5hkscs"),
    **dict.fromkeys(("iso-8859-1", "latin1", "windows-1252", "cp1252"), "cp1252"),
}
KNOWN = re.compile(
    r"(?:iso-8859-(?:[1-9]|1[0-6])|windows-125\d|koi8-[ru]|shift_jis|euc-(?:jp|kr)|iso-2022-jp)"
)
FEW = 20
"""A text of which less than one character in so many is broken is in the set it was said to be in."""
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufeff]")
_SPACES = re.compile(r"[^\S\n]+\n")


def decode_words(content: bytes, declared: str = "") -> str:
    """Return bytes as text: in the declared set where most of it holds, else as UTF-8 or Chinese, else with gaps."""
    name = declared.strip().strip("\"'").lower()
    wanted = CHARSETS.get(name) or (name if KNOWN.fullmatch(name) else "")
    if wanted and (text := content.decode(wanted, errors="replace")).count("\ufffd") * FEW <= len(text):
        return text
    for charset in ("utf-8", "gb18030"):
        try:
            return content.decode(charset)
        except (UnicodeDecodeError, LookupError):
            continue
    return content.decode(wanted or "utf-8", errors="replace")


def tidy_text(text: str) -> str:
    """Return text with plain line ends, and without controls, halves of characters and marks that turn it round."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _SPACES.sub("\n", _CONTROLS.sub("", text)).strip()


def tidy_line(text: str, limit: int) -> str:
    """Return text as one line of so many characters at most."""
    return " ".join(tidy_text(text[: limit * 4]).split())[:limit]


def read_header(raw: str) -> str:
    """Return a header as people read it; bytes that no encoding was named for are guessed."""
    if any("\udc80" <= character <= "\udcff" for character in raw):
        return decode_words(raw.encode("utf-8", "surrogateescape"))
    try:
        chunks = decode_header(raw)
    except (HeaderParseError, ValueError):
        return raw
    parts = [
        chunk if isinstance(chunk, str) else decode_words(chunk, charset or "") for chunk, charset in chunks
    ]
    return "".join(parts)
