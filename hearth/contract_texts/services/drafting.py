"""Drafting the text of a contract from the template in force, and writing its clauses."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import translation
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from hearth.contract_texts.events import ContractTextDrafted
from hearth.contract_texts.facts import CHINESE, WITH_TEXT, facts_of
from hearth.contract_texts.models import ContractTemplate, ContractText, TextClause
from hearth.contract_texts.models.templates import TextKind, Weight
from hearth.contract_texts.placeholders import fill
from hearth.contract_texts.services.second import OF_TEXTS
from hearth.contract_texts.wordings import plain_lines
from hearth.core.actor import Actor
from hearth.core.bulk import insert_many
from hearth.core.errors import DomainError, InvalidInput
from hearth.core.events import record
from hearth.core.second_person import lock
from hearth.promises.models import Disclosure, Promise
from hearth.promises.selectors import in_force_on
from hearth.sales.models import Contract
from hearth.sales.services import ContractNotLive

State = ContractText.State


class NoTemplate(DomainError):
    """A text is made of a template that was approved and holds."""

    code = "no_template"
    message = _("No approved template is in force for this project.")


class NothingSigned(DomainError):
    """A supplement adds to a contract whose text was signed."""

    code = "nothing_signed"
    message = _("A supplement follows a contract whose text was signed.")


class ClauseStays(InvalidInput):
    """A mandatory clause stays word for word, and annexes say what the record says."""

    code = "clause_stays"
    message = _("This clause stays as it is.")


class HeadingMissing(InvalidInput):
    """A clause has a heading."""

    code = "heading_missing"
    message = _("Give the clause a heading.")


@dataclass(frozen=True)
class Written:
    """What a clause is to say, and why it departs from the template."""

    wording: str
    because: str = ""
    is_left_out: bool = False
    heading: str = ""


def template_for(contract: Contract, kind: str, day: date) -> ContractTemplate | None:
    """Return the template in force for a contract: of its project before one of its place before one of a place above.

    Of two in the same place the later in force holds. The contract was loaded with its home and place; one query.
    """
    paths = contract.org_unit.ancestor_paths()
    rows = ContractTemplate.objects.in_force(day).filter(kind=kind, org_unit__path__in=paths)
    fitting = [
        row for row in rows.select_related("org_unit") if row.project_id in (None, contract.unit.project_id)
    ]
    return max(
        fitting,
        key=lambda row: (row.project_id is not None, len(row.org_unit.path), row.in_force_date, row.version),
        default=None,
    )


@transaction.atomic
def draft_text(
    contract: Contract, *, kind: str = TextKind.CONTRACT, actor: Actor, now: datetime
) -> ContractText:
    """Draft the next version of the text of a contract: placeholders filled, annexes of what its buyer was told.

    The row of the contract is locked. A version that is open is superseded: what its buyers confirmed stays on record
    and counts no more.

    :raises NotAllowed: if the actor may not draft texts there, or is no person
    :raises ContractNotLive: if the contract was cancelled or replaced
    :raises NoTemplate: if no template is in force
    :raises NothingSigned: if it is a supplement to what was not signed
    """
    user_id = OF_TEXTS.writer_of(actor, contract.org_unit_id)
    if kind not in TextKind.values:
        raise InvalidInput("kind")
    rows = Contract.objects.select_for_update(of=("self",)).select_related(*WITH_TEXT)
    whole = rows.get(pk=contract.pk)
    if not whole.is_live:
        raise ContractNotLive
    texts = ContractText.objects.filter(contract=whole)
    if kind == TextKind.SUPPLEMENT and not texts.filter(kind=TextKind.CONTRACT, state=State.SIGNED).exists():
        raise NothingSigned
    template = template_for(whole, kind, localdate(now))
    if template is None:
        raise NoTemplate
    voided = _supersede(whole, kind, now)
    facts = facts_of(whole)
    row = ContractText.objects.create(
        org_unit_id=whole.org_unit_id,
        contract=whole,
        template=template,
        kind=kind,
        version=(texts.filter(kind=kind).aggregate(last=Max("version"))["last"] or 0) + 1,
        title=template.title,
        facts_digest=facts.digest,
        instalments=list(facts.instalments),
        author_id=user_id,
        editor_id=user_id,
        is_sample=whole.is_sample,
        created_at=now,
        updated_at=now,
    )
    insert_many(_clauses(row, template, whole, facts.values, now))
    event = ContractTextDrafted(**about(row), kind=kind, version=row.version, voided=voided)
    record(event, actor=actor, now=now)
    return row


def _supersede(contract: Contract, kind: str, now: datetime) -> int:
    """End the version that is open; return how many buyers had confirmed it."""
    open_text = ContractText.objects.open().select_for_update().filter(contract=contract, kind=kind).first()
    if open_text is None:
        return 0
    open_text.state, open_text.superseded_at, open_text.updated_at = State.SUPERSEDED, now, now
    open_text.save(update_fields=["state", "superseded_at", "updated_at"])
    return open_text.readings.filter(confirmed_at__isnull=False).count()


def _clauses(
    row: ContractText, template: ContractTemplate, contract: Contract, values: Any, now: datetime
) -> list[TextClause]:
    stamps = {
        "created_at": now,
        "updated_at": now,
        "is_sample": row.is_sample,
        "org_unit_id": row.org_unit_id,
    }
    made: list[TextClause] = []
    for clause in template.clauses.order_by("position", "id"):
        words = _said(fill(clause.wording, values))
        made.append(
            TextClause(
                text=row,
                origin=clause,
                position=len(made) + 1,
                heading=clause.heading,
                wording=words,
                standard=words,
                is_confirmed_singly=clause.is_confirmed_singly,
                **stamps,
            )
        )
    if row.kind == TextKind.CONTRACT:
        with translation.override(CHINESE):
            annexes = list(_annexes(contract))
        for heading, wording in annexes:
            made.append(
                TextClause(
                    text=row,
                    position=len(made) + 1,
                    heading=heading[:200],
                    wording=wording,
                    standard=wording,
                    is_annex=True,
                    **stamps,
                )
            )
    return made


def _said(wording: str) -> str:
    """Return the words of a clause as they are kept; where nothing was agreed, it says so and is not left blank."""
    with translation.override(CHINESE):
        return plain_lines(wording) or pgettext("clause of a contract", "None.")


def _annexes(contract: Contract) -> Iterator[tuple[str, str]]:
    """Say what the buyer was told and promised by the day of the contract; a query for each disclosure and two."""
    for row in in_force_on(contract.unit.project_id, contract.signed_date):
        yield f"{row.get_kind_display()}：{row.heading}", _told(row)
    promises = Promise.objects.made_to(contract.unit, contract.signed_date).order_by("made_date", "id")
    lines = [_promised(each) for each in promises]
    if lines:
        yield pgettext("annex of a contract", "What was promised"), "\n".join(lines)


def _told(row: Disclosure) -> str:
    factors = (
        f"{each.get_side_display()}·{each.get_kind_display()}：{each.effect}"
        for each in row.factors.order_by("side", "id")
    )
    return "\n".join(line for line in [row.body, *factors, row.closing] if line)


def _promised(row: Promise) -> str:
    due = f"（{row.due_date:%Y-%m-%d}）" if row.due_date else ""
    return f"{row.title}{due}：{row.wording}" if row.wording else f"{row.title}{due}"


@transaction.atomic
def write_text_clause(clause: TextClause, said: Written, *, actor: Actor, now: datetime) -> TextClause:
    """Change the words of a clause of a draft, or leave it out: one that was added is taken back.

    :raises NotAllowed: if the actor may not draft texts there
    :raises PastThatStep: if it is no draft
    :raises ClauseStays: if it is mandatory, or an annex
    """
    text = _edit(clause.text, actor, now)
    row = TextClause.objects.select_related("origin").get(pk=clause.pk)
    if row.is_annex or (row.origin and row.origin.weight == Weight.MANDATORY):
        raise ClauseStays("wording")
    row.wording, row.is_left_out = _said(said.wording), said.is_left_out
    row.because, row.updated_at = said.because.strip()[:300], now
    if row.origin is None and row.is_left_out:
        TextClause.objects.filter(pk=row.pk).delete()
    else:
        row.save(update_fields=["wording", "is_left_out", "because", "updated_at"])
    text.save(update_fields=["editor", "updated_at"])
    return row


@transaction.atomic
def add_text_clause(text: ContractText, said: Written, *, actor: Actor, now: datetime) -> TextClause:
    """Add a clause that the template does not have, after the others and before the annexes.

    :raises NotAllowed: if the actor may not draft texts there
    :raises PastThatStep: if it is no draft
    :raises HeadingMissing: without a heading
    """
    locked = _edit(text, actor, now)
    if not said.heading.strip():
        raise HeadingMissing("heading")
    annexes = list(locked.clauses.filter(is_annex=True).order_by("-position"))
    position = (locked.clauses.aggregate(last=Max("position"))["last"] or 0) + 1 - len(annexes)
    for annex in annexes:
        annex.position += 1
        annex.save(update_fields=["position"])
    row = TextClause.objects.create(
        org_unit_id=locked.org_unit_id,
        text=locked,
        position=position,
        heading=said.heading.strip()[:200],
        wording=_said(said.wording),
        because=said.because.strip()[:300],
        is_sample=locked.is_sample,
        created_at=now,
        updated_at=now,
    )
    locked.save(update_fields=["editor", "updated_at"])
    return row


def about(text: ContractText) -> dict[str, Any]:
    """What every event of a text carries; its contract was loaded with its home."""
    contract = text.contract
    return {
        "org_unit_id": text.org_unit_id,
        "customer_id": contract.customer_id,
        "unit_id": contract.unit_id,
        "project_id": contract.unit.project_id,
        "subject_id": text.pk,
        "is_sample": text.is_sample,
    }


def _edit(text: ContractText, actor: Actor, now: datetime) -> ContractText:
    locked = lock(text, State.DRAFT)
    locked.editor_id, locked.updated_at = OF_TEXTS.writer_of(actor, locked.org_unit_id), now
    return locked
