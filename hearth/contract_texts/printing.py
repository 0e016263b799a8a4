"""Setting the text of a contract on paper: PDF in Chinese, with the pages counted and the checksum on each."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from django.utils import translation
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from hearth.contract_texts.facts import CHINESE
from hearth.contract_texts.models import ContractText, TextClause
from hearth.contract_texts.placeholders import placeholders_in
from hearth.core.errors import DomainError
from hearth.lib.capitals import annex_number, clause_number
from hearth.postponed import Postponed

if TYPE_CHECKING:
    import pylopdf_fonts_zh_cn
    import typst
else:
    typst = Postponed("typst")
    pylopdf_fonts_zh_cn = Postponed("pylopdf_fonts_zh_cn")

PAPER = Path(__file__).parent / "typst" / "paper.typ"
FONT, HEADING_FONT = "Noto Serif SC", "Noto Sans SC"
ARCHIVAL: Literal["a-2b"] = "a-2b"
# How the typesetter names what its fonts do not have.
WITHOUT_SIGN = re.compile(r'the text `"(.+?)"` could not be displayed')


class NotPrintable(DomainError):
    """The fonts of the paper do not have every character that somebody typed."""

    code = "not_printable"
    message = _("These characters cannot be printed: %(characters)s. Write them in another way.")


def typeset(text: ContractText, clauses: Sequence[TextClause], *, number: str, at: datetime) -> bytes:
    """Return a text as PDF for archives; without checksum it is marked as a draft.

    The same words and the same day make the same bytes.

    :param number: the number of the contract
    :param at: the day that the document says it is of
    :raises NotPrintable: naming characters that the fonts do not have
    """
    with translation.override(CHINESE):
        paper = _paper(text, clauses, number, at)
    try:
        made: bytes = typst.compile(
            str(PAPER),
            font_paths=[str(pylopdf_fonts_zh_cn.serif_path().parent)],
            ignore_system_fonts=True,
            sys_inputs={"paper": json.dumps(paper, ensure_ascii=False)},
            pdf_standards=[ARCHIVAL],
        )
    except typst.TypstError as error:
        if missing := WITHOUT_SIGN.findall(str(error)):
            raise NotPrintable(characters="、".join(missing)) from error
        raise
    return made


def numbered(clauses: Sequence[TextClause]) -> list[tuple[str, TextClause]]:
    """Return the clauses that stand in a text with their numbers, annexes counted by themselves."""
    found, of_clauses, of_annexes = [], 0, 0
    for clause in clauses:
        if clause.is_left_out:
            continue
        if clause.is_annex:
            of_annexes += 1
            found.append((annex_number(of_annexes), clause))
        else:
            of_clauses += 1
            found.append((clause_number(of_clauses), clause))
    return found


def has_table(clause: TextClause) -> bool:
    """Tell whether the table of payments follows a clause: where its template speaks of the way to pay."""
    return clause.origin is not None and "plan" in placeholders_in(clause.origin.wording)


def _paper(text: ContractText, clauses: Sequence[TextClause], number: str, at: datetime) -> dict[str, Any]:
    day, all_parts = localtime(at), numbered(clauses)
    is_draft = not text.digest
    return {
        "title": text.title,
        "day": [day.year, day.month, day.day],
        "font": FONT,
        "heading_font": HEADING_FONT,
        "watermark": pgettext("print of a contract", "DRAFT") if is_draft else "",
        "header": f"{number}　V{text.version}",
        "footer": _footer(text, is_draft=is_draft),
        "clauses": [
            {"number": label, **_words(clause), "has_table": has_table(clause)}
            for label, clause in all_parts
            if not clause.is_annex
        ],
        "annexes": [{"number": label, **_words(clause)} for label, clause in all_parts if clause.is_annex],
        "rows": text.instalments,
        "columns": [
            pgettext("print of a contract", "No."),
            pgettext("print of a contract", "Instalment"),
            pgettext("print of a contract", "Due"),
            pgettext("print of a contract", "Amount, ¥"),
        ],
        "signatures": [
            pgettext("print of a contract", "Seller (seal):"),
            pgettext("print of a contract", "Buyer (signature):"),
            pgettext("print of a contract", "Date:"),
            pgettext("print of a contract", "Date:"),
        ],
    }


def _words(clause: TextClause) -> dict[str, str]:
    return {"heading": clause.heading, "wording": clause.wording}


def _footer(text: ContractText, *, is_draft: bool) -> str:
    if is_draft:
        return pgettext("print of a contract", "Draft, of no effect")
    said = {"code": text.check_code, "digest": text.digest}
    return pgettext("print of a contract", "Check code %(code)s  SHA-256 %(digest)s") % said
