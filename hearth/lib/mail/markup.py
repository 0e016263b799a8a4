"""Mail written as a page, turned into text; what is quoted gets the sign of quotations.

The parser of the standard library takes the square of the length for pages that are built to: this one reads each
character once.
"""

import html
import re
from collections.abc import Iterator

MOST_CHARACTERS = 300_000
LONGEST_TAG = 4_000
RAW = frozenset({"script", "style", "title"})
"""What stands in them is no markup, up to their own end."""
HIDDEN = frozenset({"script", "style", "head", "title", "template", "object", "svg", "noscript"})
BLOCKS = frozenset(
    {
        "address",
        "article",
        "blockquote",
        "br",
        "div",
        "dl",
        "dd",
        "dt",
        "footer",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
    }
    | {"h6", "header", "hr", "li", "ol", "p", "pre", "section", "table", "tr", "ul"}
)
_BEGINS = re.compile(r"<[A-Za-z/!?]")
_NAME = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]{0,20})")
_LEADS = re.compile(r"""\shref\s*=\s*("[^"]{0,2000}"|'[^']{0,2000}'|[^\s>"']{1,2000})""", re.IGNORECASE)


def text_of_page(page: str) -> str:
    """Return the words of a page of HTML, whatever is wrong with it."""
    words = _Words()
    for piece in _pieces(page[:MOST_CHARACTERS]):
        words.take(piece)
    words.end_line()
    return "\n".join(f"{'> ' * min(quotes, 3)}{line}".rstrip() for quotes, line in words.lines).strip()


def _pieces(page: str) -> Iterator[str]:
    """Yield tags and what stands between them, comments left out; in time that grows with the length alone."""
    at = 0
    while at < len(page):
        begun = _BEGINS.search(page, at)
        if begun is None:
            yield page[at:]
            return
        opened = begun.start()
        if opened > at:
            yield page[at:opened]
        sign, end_mark = ("<!--", "-->") if page.startswith("<!--", opened) else ("<", ">")
        closed = page.find(end_mark, opened + len(sign))
        if closed < 0:
            yield "" if sign == "<!--" else page[opened + 1 :]
            return
        at = closed + len(end_mark)
        if sign != "<":
            continue
        tag = page[opened : min(at, opened + LONGEST_TAG)]
        yield tag
        named = _NAME.match(tag)
        if named and named.group(1).lower() in RAW and not tag.startswith("</"):
            end = re.compile(f"</{named.group(1)}", re.IGNORECASE).search(page, at)
            at = end.start() if end else len(page)


class _Words:
    """Collects the words of a page line by line, each with how deep it is quoted."""

    def __init__(self) -> None:
        self.lines: list[tuple[int, str]] = []
        self._line: list[str] = []
        self._hidden_by = ""
        self._quotes = 0
        self._link = ""

    def take(self, piece: str) -> None:
        named = _NAME.match(piece)
        if named is None:
            if not self._hidden_by and not _BEGINS.match(piece):
                self._line.append(html.unescape(piece))
            return
        tag, is_end = named.group(1).lower(), piece.startswith("</")
        if self._hidden_by:
            # The end of a head may be left out.
            if (is_end and tag == self._hidden_by) or (tag == "body" and self._hidden_by == "head"):
                self._hidden_by = ""
        elif is_end:
            self._end(tag)
        elif tag in HIDDEN and not piece.endswith("/>"):
            self._hidden_by = tag
        else:
            self._begin(tag, piece)

    def _begin(self, tag: str, piece: str) -> None:
        if tag in BLOCKS:
            self.end_line()
        if tag == "blockquote":
            self._quotes += 1
        elif tag == "li":
            self._line.append("- ")
        elif tag in {"td", "th"}:
            self._line.append(" ")
        elif tag == "a":
            found = _LEADS.search(piece)
            self._link = html.unescape(found.group(1).strip("\"'")) if found else ""

    def _end(self, tag: str) -> None:
        if tag in BLOCKS:
            self.end_line()
        if tag == "blockquote":
            self._quotes = max(0, self._quotes - 1)
        elif tag == "a":
            self._name_link()

    def _name_link(self) -> None:
        """Say where a link leads, unless its words do: what looks like one address may lead to another."""
        link, self._link = self._link, ""
        if not link.lower().startswith(("http://", "https://")):
            return
        if link.rstrip("/") not in "".join(self._line[-3:]):
            self._line.append(f" <{link[:300]}>")

    def end_line(self) -> None:
        words = " ".join("".join(self._line).split())
        self._line = []
        if words:
            self.lines.append((self._quotes, words))
