"""What somebody wrote, apart from what their mail program quoted below it, in Chinese and in English."""

import re

_RULES = re.compile(
    r"[\s>]*[-_—]{2,}\s*"
    r"(?:original(?: message)?|forwarded message|原始邮件(?:信息)?|原邮件|回复的原邮件|回复的邮件信息"
    r"|转发邮件信息|转发的邮件)"
    r"\s*[-_—]{2,}\s*",
    re.IGNORECASE,
)
_WROTE = re.compile(
    r"\s*(?:on\b.{6,250}\bwrote\s*[:\uff1a]|在?\s*(?:于\s*)?\d{4}\s*[-年/.].{4,250}写道\s*[:\uff1a]"
    r"|.{1,120}(?:于|在)\s*\d{4}\s*[-年/.].{4,200}写道\s*[:\uff1a]|at\s+\d{4}-\d\d-\d\d.{4,200}wrote\s*[:\uff1a])\s*",
    re.IGNORECASE,
)
_BEGINS_WROTE = re.compile(
    r"\s*(?:on\b.*\d|at\s+\d{4}|(?:.{1,120}(?:于|在)|在)?\s*(?:于\s*)?\d{4}\s*[-年/.])", re.IGNORECASE
)
_FROM = re.compile(r"[\s>]*\*?(?:from|发件人|寄件者)\*?\s*[:\uff1a]\s*\S.*", re.IGNORECASE)
_BESIDE = re.compile(
    r"[\s>]*\*?(?:sent|date|to|subject|发送时间|发件时间|日期|时间|收件人|主题|抄送)\*?\s*[:\uff1a]",
    re.IGNORECASE,
)
LOOKED_AT = 3_000
"""Lines beyond which a mark is not sought: whatever follows is the writer's own."""


def split_quotes(text: str) -> tuple[str, str]:
    """Return what was written and what was quoted; where nothing would be left, all of it was written."""
    lines = text.split("\n")
    for number, line in enumerate(lines[:LOOKED_AT]):
        if _RULES.fullmatch(line) or _begins_header(lines, number):
            return _whole_if_empty(text, lines[:number], lines[number:])
        if length := _wrote(lines, number):
            return _around(text, lines, number, number + length)
    own = [line for line in lines if not line.lstrip().startswith(">")]
    return _whole_if_empty(text, own, [line for line in lines if line.lstrip().startswith(">")])


def _begins_header(lines: list[str], number: int) -> bool:
    """Tell whether the lines from here repeat the head of a mail: who sent it, and two more."""
    if len(lines[number]) > 300 or not _FROM.fullmatch(lines[number]):
        return False
    return sum(bool(_BESIDE.match(line[:60])) for line in lines[number + 1 : number + 6]) >= 2


def _wrote(lines: list[str], number: int) -> int:
    """Return over how many lines it is said here who wrote what follows; 0 where it is not."""
    if not _BEGINS_WROTE.match(lines[number][:400]):
        return 0
    for length in (1, 2, 3):
        joined = " ".join(line.strip() for line in lines[number : number + length])
        if len(joined) <= 400 and _WROTE.fullmatch(joined):
            return length
    return 0


def _around(text: str, lines: list[str], start: int, end: int) -> tuple[str, str]:
    """Part what follows the mark: lines with the sign are quoted; without any sign, all of it is."""
    below = lines[end:]
    if not any(line.lstrip().startswith(">") for line in below):
        return _whole_if_empty(text, lines[:start], lines[start:])
    own = [line for line in below if not line.lstrip().startswith(">")]
    quoted = [line for line in below if line.lstrip().startswith(">")]
    return _whole_if_empty(text, [*lines[:start], *own], [*lines[start:end], *quoted])


def _whole_if_empty(text: str, own: list[str], quoted: list[str]) -> tuple[str, str]:
    written = "\n".join(own).strip()
    return (written, "\n".join(quoted).strip()) if written else (text.strip(), "")
