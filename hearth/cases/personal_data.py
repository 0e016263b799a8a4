"""Cases a person raised, given out and erased."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db.models import CharField, F, Q, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _

from hearth.cases.models import (
    CallBack,
    Case,
    CaseAccount,
    CasePause,
    CaseSignal,
    Cause,
    CostLine,
    Escalation,
    GradeChange,
    ServiceClock,
    Settlement,
)
from hearth.cases.models.settlements import SettlementQuerySet
from hearth.cases.services import tokens_of
from hearth.core.personal_data import (
    Person,
    Table,
    holds_none,
    naming,
    register_personal_data,
    strike_out_in,
    table_of,
)
from hearth.core.personal_files import remove_file
from hearth.core.retention import KeptKind, Way, keep_for_a_time, ties

WITHOUT_WORDS: dict[str, Any] = {
    "title": Concat(Value("#"), Cast(F("number"), CharField()), output_field=CharField()),
    "topic": "",
    "body": "",
    "reply": "",
    "text_tokens": "",
    "external_key": "",
    "custom": {},
}


def export_cases(person: Person) -> Table:
    rows = Case.objects.filter(customer__in=person.ids).order_by("opened_at", "id")
    return table_of(
        rows,
        ("number", _("number")),
        "kind",
        "state",
        "channel",
        "topic",
        "title",
        "body",
        "reply",
        "opened_at",
        "answered_at",
        "closed_at",
        "called_back_at",
        "is_satisfied",
        ("custom", _("further fields")),
    )


def erase_cases(person: Person, now: datetime) -> int:
    """Keep that there was a case of this kind at this home, whoever told of it; the words go.

    Cases of others in which the person is named keep their own words.
    """
    own = Case.objects.filter(customer__in=person.ids)
    number = own.update(**WITHOUT_WORDS)
    for case in naming(Case.objects.all(), person, "title", "body", "reply"):
        case.title = person.strike_out(case.title, limit=200)
        case.body, case.reply = person.strike_out(case.body), person.strike_out(case.reply)
        case.text_tokens = tokens_of(case.title, case.body, case.reply)
        case.save(update_fields=["title", "body", "reply", "text_tokens"])
        number += 1
    return number


ACCOUNT = {"spot": "", "persons": "", "course": "", "reason": "", "demand_note": "", "others": ""}


def export_accounts(person: Person) -> Table:
    rows = CaseAccount.objects.filter(case__customer__in=person.ids).order_by("created_at", "id")
    return table_of(rows, ("case__number", _("number")), "happened_date", *ACCOUNT, "demand", "expected_date")


def erase_accounts(person: Person, now: datetime) -> int:
    """What was told goes with the case's words; in cases of others the person is struck out."""
    own = CaseAccount.objects.filter(case__customer__in=person.ids).update(**ACCOUNT)
    return own + strike_out_in(CaseAccount.objects.all(), person, *ACCOUNT)


def erase_pauses(person: Person, now: datetime) -> int:
    """What the person was asked goes with the case's words; in cases of others the person is struck out."""
    own = CasePause.objects.filter(case__customer__in=person.ids).exclude(note="").update(note="")
    return own + strike_out_in(CasePause.objects.all(), person, "note")


register_personal_data("cases.cases", _("Cases"), Case, export=export_cases, erase=erase_cases)
register_personal_data(
    "cases.accounts",
    _("What you told of your cases"),
    CaseAccount,
    export=export_accounts,
    erase=erase_accounts,
)
register_personal_data("cases.pauses", _("Times of waiting in cases"), CasePause, erase=erase_pauses)


def erase_signals(person: Person, now: datetime) -> int:
    """What was noted of why a case is grave goes with the case's words; in cases of others the person is struck out."""
    own = CaseSignal.objects.filter(case__customer__in=person.ids).exclude(note="").update(note="")
    return own + strike_out_in(CaseSignal.objects.all(), person, "note")


def erase_escalations(person: Person, now: datetime) -> int:
    """What those above were told goes in the same way."""
    own = Escalation.objects.filter(case__customer__in=person.ids).exclude(note="").update(note="")
    return own + strike_out_in(Escalation.objects.all(), person, "note")


def export_signals(person: Person) -> Table:
    rows = CaseSignal.objects.filter(case__customer__in=person.ids).order_by("created_at", "id")
    return table_of(rows, ("case__number", _("number")), "what", "number", "note", "created_at")


def export_escalations(person: Person) -> Table:
    rows = Escalation.objects.filter(case__customer__in=person.ids).order_by("created_at", "id")
    return table_of(rows, ("case__number", _("number")), "level", "because", "note", "told_at")


register_personal_data(
    "cases.signals", _("What makes your cases graver"), CaseSignal, export=export_signals, erase=erase_signals
)
register_personal_data(
    "cases.escalations",
    _("Who above was told of your cases"),
    Escalation,
    export=export_escalations,
    erase=erase_escalations,
)


def export_settlements(person: Person) -> Table:
    rows = Settlement.objects.filter(case__customer__in=person.ids).order_by("created_at", "id")
    return table_of(
        rows,
        ("case__number", _("number")),
        "solution",
        "outcome",
        ("cause__name_zh", _("cause")),
        "party",
        "proof",
        "settled_at",
        "withdrawn_at",
    )


def _empty_settlements(rows: SettlementQuerySet) -> int:
    """Take the words and files out of settlements; one file may prove several of one case."""
    files = {row.evidence_file for row in rows.select_related("evidence_file") if row.evidence_file}
    number = rows.update(solution="", proof="", party_name="", evidence_file=None)
    for file in files:
        remove_file(file)
    return number


def proofs_of(person: Person) -> Iterator[tuple[str, Path]]:
    rows = Settlement.objects.filter(case__customer__in=person.ids, evidence_file__isnull=False)
    for row in rows.select_related("evidence_file").order_by("created_at", "id"):
        if row.evidence_file:
            yield row.evidence_file.name, Path(row.evidence_file.file.path)


def erase_settlements(person: Person, now: datetime) -> int:
    """What was done and what proves it goes with the case's words; in cases of others the person is struck out."""
    own = Settlement.objects.filter(case__customer__in=person.ids)
    return _empty_settlements(own) + strike_out_in(
        Settlement.objects.all(), person, "solution", "proof", "party_name"
    )


def export_costs(person: Person) -> Table:
    rows = CostLine.objects.filter(case__customer__in=person.ids).order_by("created_at", "id")
    return table_of(
        rows, ("case__number", _("number")), "kind", "amount", "note", "created_at", "struck_out_at"
    )


def erase_costs(person: Person, now: datetime) -> int:
    """The money stays, as the books need it; the remark goes."""
    own = CostLine.objects.filter(case__customer__in=person.ids).exclude(note="").update(note="")
    return own + strike_out_in(CostLine.objects.all(), person, "note")


def export_call_backs(person: Person) -> Table:
    rows = CallBack.objects.filter(case__customer__in=person.ids).order_by("created_at", "id")
    return table_of(rows, ("case__number", _("number")), "rating", "note", "created_at")


def erase_call_backs(person: Person, now: datetime) -> int:
    """What the customer said goes; the rating stays in the figures."""
    own = CallBack.objects.filter(case__customer__in=person.ids).exclude(note="").update(note="")
    return own + strike_out_in(CallBack.objects.all(), person, "note")


register_personal_data(
    "cases.settlements",
    _("How your cases were settled"),
    Settlement,
    export=export_settlements,
    erase=erase_settlements,
    files=proofs_of,
)
register_personal_data(
    "cases.costs", _("What your cases cost"), CostLine, export=export_costs, erase=erase_costs
)
register_personal_data(
    "cases.call_backs",
    _("What you said of how your cases were settled"),
    CallBack,
    export=export_call_backs,
    erase=erase_call_backs,
)
holds_none(Cause, because="Words for why matters come up.")
holds_none(GradeChange, because="How a grade went; the case itself says whose.")
holds_none(ServiceClock, because="When something about a case was due and done; the case itself says whose.")


def complainants(ids: Collection[UUID], before: datetime) -> set[UUID]:
    """Name those of the customers who have an open case, or had one since."""
    rows = Case.objects.filter(Q(closed_at=None) | Q(closed_at__gte=before), customer__in=ids)
    return set(rows.values_list("customer_id", flat=True))


def empty_cases(ids: Sequence[UUID], now: datetime) -> int:
    """Leave of cases their kind, days and home."""
    for part in (CasePause, CaseSignal, Escalation, CostLine, CallBack):
        part._default_manager.filter(case__in=ids).update(note="")
    _empty_settlements(Settlement.objects.filter(case__in=ids))
    CaseAccount.objects.filter(case__in=ids).update(**ACCOUNT)
    return Case.objects.filter(pk__in=ids).update(**WITHOUT_WORDS)


ties.register("cases.cases", complainants)
keep_for_a_time(
    KeptKind(
        code="cases.closed",
        label=_("Closed cases"),
        due=lambda before: Case.objects.filter(closed_at__lt=before, is_sample=False).exclude(body=""),
        ways={Way.ANONYMISE: empty_cases},
    ),
)
