"""The clause check 条款检查: what of a text is not as template, record and law want it, each named by its clause."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.contract_texts.facts import Facts, amounts_of, figure
from hearth.contract_texts.models import TextClause
from hearth.contract_texts.models.templates import Weight
from hearth.contract_texts.placeholders import BLANK, CATALOGUE, OF_FIGURES, amounts_in, placeholders_in
from hearth.contract_texts.wordings import Forbidden, forbidden_in

FREE = Weight.FREE.value


@dataclass(frozen=True)
class Finding:
    """One thing that is not right; `can_be_approved` if a second person may let it stand."""

    code: str
    clause: TextClause | None
    message: str | Promise
    params: dict[str, str]
    can_be_approved: bool = False

    @property
    def text(self) -> str:
        return str(self.message) % self.params


MESSAGES = {
    "mandatory_changed": _("A mandatory clause stays word for word."),
    "mandatory_left_out": _("A mandatory clause may not be left out."),
    "departs": _("Departs from the standard words; a second person approves it."),
    "left_out": _("A standard clause is left out; a second person approves it."),
    "added": _("A clause that the template does not have; a second person approves it."),
    "unexplained": _("Say why it departs from the template."),
    "figure_wrong": _("%(figure)s of the record, %(value)s, does not stand in this clause."),
    "amount_unknown": _("The amount %(value)s is none of the record."),
    "figure_missing": _("The record does not say: %(figure)s."),
    "instalments_differ": _("The instalments come to %(planned)s, the total is %(total)s."),
    "forbidden": _("“%(words)s” is forbidden: %(because)s"),
    "placeholder_left": _("The placeholder {%(name)s} was not filled."),
    "stale": pgettext_lazy(
        "text of a contract", "The record was changed after this was drafted. Draft the next version."
    ),
}


def departs(clause: TextClause) -> bool:
    """Tell whether a clause is not what its template says; a free clause is written anew each time."""
    if clause.is_annex or (clause.origin and clause.origin.weight == FREE):
        return False
    return clause.is_left_out or clause.wording != clause.standard or clause.origin is None


def check_text(
    clauses: Sequence[TextClause], facts: Facts, facts_digest: str, forbidden: Sequence[Forbidden]
) -> list[Finding]:
    """Return what is not right of a text, in the order of its clauses; no query.

    :param clauses: in order, each with its origin
    """
    found = [] if facts.agree_with(facts_digest) else [_finding("stale")]
    found += _of_record(clauses, facts)
    known = amounts_of(facts)
    for clause in clauses:
        found += _of_clause(clause, facts, known, forbidden)
    return found


def _finding(
    code: str, clause: TextClause | None = None, *, can_be_approved: bool = False, **params: str
) -> Finding:
    return Finding(code, clause, MESSAGES[code], params, can_be_approved)


def _of_record(clauses: Sequence[TextClause], facts: Facts) -> Iterator[Finding]:
    asked = dict.fromkeys(
        name
        for clause in clauses
        if clause.origin and not clause.is_left_out and BLANK in clause.wording
        for name in placeholders_in(clause.origin.wording)
    )
    for name in asked:
        if not facts.values.get(name):
            yield _finding("figure_missing", figure=str(CATALOGUE[name]))
    if facts.has_plan and facts.planned != facts.total:
        yield _finding("instalments_differ", planned=figure(facts.planned), total=figure(facts.total))


def _of_clause(
    clause: TextClause, facts: Facts, known: frozenset[str], forbidden: Sequence[Forbidden]
) -> Iterator[Finding]:
    yield from _of_departure(clause)
    if clause.is_left_out or clause.is_annex:
        return
    for name in placeholders_in(clause.wording):
        yield _finding("placeholder_left", clause, name=name)
    if clause.origin:
        yield from _of_figures(clause, clause.origin.wording, facts)
    if clause.wording != clause.standard:
        usual = _figures_in(clause.standard)
        is_free = clause.origin is None or clause.origin.weight == FREE
        for value in _figures_in(clause.wording):
            if value not in known and value not in usual:
                yield _finding("amount_unknown", clause, can_be_approved=is_free, value=value)
    for each in forbidden_in(f"{clause.heading}{clause.wording}", forbidden):
        yield _finding("forbidden", clause, words=each.words, because=str(each.because))


def _of_departure(clause: TextClause) -> Iterator[Finding]:
    if not departs(clause):
        return
    if clause.origin and clause.origin.weight == Weight.MANDATORY:
        yield _finding("mandatory_left_out" if clause.is_left_out else "mandatory_changed", clause)
        return
    code = "added" if clause.origin is None else "left_out" if clause.is_left_out else "departs"
    yield _finding(code, clause, can_be_approved=True)
    if not clause.because:
        yield _finding("unexplained", clause)


def _of_figures(clause: TextClause, standard: str, facts: Facts) -> Iterator[Finding]:
    """A figure that the template speaks of stands in the clause as the record has it."""
    for name in placeholders_in(standard):
        value = facts.values.get(name, "")
        if name in OF_FIGURES and value and not _says(clause.wording, value):
            yield _finding("figure_wrong", clause, figure=str(CATALOGUE[name]), value=value)


def _says(wording: str, value: str) -> bool:
    """Tell whether a figure stands in a wording by itself, not as a part of a longer one."""
    alone = rf"(?<!\d)(?<!\d[.,]){re.escape(value)}(?!\d|[.,]\d)"
    return re.search(alone, wording) is not None


def _figures_in(wording: str) -> list[str]:
    """Return the amounts that a wording names, each once and as the record would write it."""
    return list(dict.fromkeys(map(figure, amounts_in(wording))))
