"""What group complaints hold of a person: that their household was in one, and what was written of it."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hearth.cases.services import tokens_of
from hearth.core.personal_data import (
    Erase,
    Person,
    Table,
    holds_none,
    naming,
    register_personal_data,
    strike_out_in,
    table_of,
)
from hearth.core.retention import KeptKind, Way, keep_for_a_time, ties
from hearth.group_cases.models import (
    Attendance,
    Commitment,
    GroupCase,
    GroupChild,
    GroupHousehold,
    GroupMeeting,
    GroupReview,
    GroupSign,
    GroupStep,
    GroupTelling,
    LevelChange,
    LibraryEntry,
    NegotiationEntry,
    PlanStep,
    PreventiveCheck,
    Statement,
    TeamMember,
)

WORDS = ("title", "topic", "demand", "facts", "outcome")


def export_households(person: Person) -> Table:
    rows = GroupHousehold.objects.filter(customer__in=person.ids).order_by("joined_at", "id")
    return table_of(
        rows,
        ("group_case__number", _("number")),
        ("group_case__title", _("title")),
        ("unit__number", _("home")),
        "is_representative",
        "joined_at",
        "left_at",
        "left_because",
    )


def erase_households(person: Person, now: datetime) -> int:
    """Keep that a household was in it, which is counted; the words of why it left go."""
    own = GroupHousehold.objects.filter(customer__in=person.ids).exclude(left_because="")
    return own.update(left_because="") + strike_out_in(GroupHousehold.objects.all(), person, "left_because")


def erase_groups(person: Person, now: datetime) -> int:
    """What is written of many keeps its words, but for those that name the person."""
    number = 0
    for group in naming(GroupCase.objects.all(), person, *WORDS):
        group.title = person.strike_out(group.title, limit=200)
        group.topic = person.strike_out(group.topic, limit=60)
        group.demand, group.facts = person.strike_out(group.demand), person.strike_out(group.facts)
        group.outcome = person.strike_out(group.outcome)
        group.text_tokens = tokens_of(group.title, group.topic, group.demand)
        group.save(update_fields=[*WORDS, "text_tokens"])
        number += 1
    return number


# What was written of many: the words stay, but for those that name the person.
TEXTS: tuple[tuple[Any, str, tuple[str, ...], Any], ...] = (
    (GroupSign, "signs", ("note",), _("What was seen at group complaints")),
    (GroupStep, "steps", ("note",), _("Steps of the plan for group complaints")),
    (Statement, "statements", ("text",), _("Scripts and replies of group complaints")),
    (GroupMeeting, "meetings", ("title", "agenda", "location"), _("Meetings about group complaints")),
    (Commitment, "commitments", ("what", "done_note"), _("Promises to households of group complaints")),
    (NegotiationEntry, "negotiation", ("text",), _("What was said about group complaints")),
    (
        GroupReview,
        "reviews",
        ("course", "reasons", "lessons", "prevention"),
        _("Reviews of group complaints"),
    ),
    (PreventiveCheck, "checks", ("what", "finding"), _("Preventive checks")),
)


def _striking_out(model: Any, columns: tuple[str, ...]) -> Erase:
    def erase(person: Person, now: datetime) -> int:
        return strike_out_in(model.objects.all(), person, *columns)

    return erase


def export_attendances(person: Person) -> Table:
    rows = Attendance.objects.filter(household__customer__in=person.ids).order_by("created_at", "id")
    return table_of(
        rows,
        ("meeting__title", _("meeting")),
        ("meeting__begins_at", _("begins")),
        ("meeting__location", _("where")),
    )


def erase_attendances(person: Person, now: datetime) -> int:
    """That the household was there stays in the number of who was; names of others that are the person's go."""
    return strike_out_in(Attendance.objects.all(), person, "name")


register_personal_data(
    "group_cases.households",
    _("Group complaints of which you are part"),
    GroupHousehold,
    export=export_households,
    erase=erase_households,
)
register_personal_data("group_cases.groups", _("Group complaints"), GroupCase, erase=erase_groups)
for model, code, columns, label in TEXTS:
    register_personal_data(f"group_cases.{code}", label, model, erase=_striking_out(model, columns))
register_personal_data(
    "group_cases.attendances",
    _("Meetings about group complaints at which you were"),
    Attendance,
    export=export_attendances,
    erase=erase_attendances,
)
holds_none(PlanStep, because="The plan that ships.")
holds_none(LibraryEntry, because="Published cases of the past, which name no customer.")
holds_none(TeamMember, because="Which colleague does what.")
holds_none(GroupChild, because="Which cases are part of it; the case itself says whose.")
holds_none(LevelChange, because="How a level went, by numbers.")
holds_none(GroupTelling, because="Whom of ours was told, and when.")


def members(ids: Collection[UUID], before: datetime) -> set[UUID]:
    """Name those of the customers who are in an open group complaint, or were in one that closed since."""
    rows = GroupHousehold.objects.filter(
        Q(group_case__closed_at=None) | Q(group_case__closed_at__gte=before), customer__in=ids
    )
    return set(rows.values_list("customer_id", flat=True))


def empty_groups(ids: Sequence[UUID], now: datetime) -> int:
    """Leave of group complaints their title, days and numbers, as the register by years needs them."""
    GroupHousehold.objects.filter(group_case__in=ids).update(left_because="")
    for model, _code, columns, _label in TEXTS:
        if model is not PreventiveCheck:
            model.objects.filter(group_case__in=ids).update(**dict.fromkeys(columns, ""))
    Attendance.objects.filter(meeting__group_case__in=ids).update(name="—")
    return GroupCase.objects.filter(pk__in=ids).update(demand="", facts="", outcome="")


ties.register("group_cases.members", members)
keep_for_a_time(
    KeptKind(
        code="group_cases.closed",
        label=_("Closed group complaints"),
        due=lambda before: GroupCase.objects.filter(closed_at__lt=before, is_sample=False).exclude(
            demand="", facts="", outcome=""
        ),
        ways={Way.ANONYMISE: empty_groups},
    )
)
