"""Cases a person raised, given out and erased."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import CharField, F, Q, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _

from hearth.cases.models import Case, CasePause, CaseSignal, Escalation, GradeChange, ServiceClock
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


def erase_pauses(person: Person, now: datetime) -> int:
    """What the person was asked goes with the case's words; in cases of others the person is struck out."""
    own = CasePause.objects.filter(case__customer__in=person.ids).exclude(note="").update(note="")
    return own + strike_out_in(CasePause.objects.all(), person, "note")


register_personal_data("cases.cases", _("Cases"), Case, export=export_cases, erase=erase_cases)
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
holds_none(GradeChange, because="How a grade went; the case itself says whose.")
holds_none(ServiceClock, because="When something about a case was due and done; the case itself says whose.")


def complainants(ids: Collection[UUID], before: datetime) -> set[UUID]:
    """Name those of the customers who have an open case, or had one since."""
    rows = Case.objects.filter(Q(closed_at=None) | Q(closed_at__gte=before), customer__in=ids)
    return set(rows.values_list("customer_id", flat=True))


def empty_cases(ids: Sequence[UUID], now: datetime) -> int:
    """Leave of cases their kind, days and home."""
    for part in (CasePause, CaseSignal, Escalation):
        part._default_manager.filter(case__in=ids).update(note="")
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
