"""What group complaints hold of a person: that their household was in one, and what was written of it."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

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
from hearth.group_cases.models import (
    GroupCase,
    GroupChild,
    GroupHousehold,
    GroupSign,
    GroupTelling,
    LevelChange,
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


def erase_signs(person: Person, now: datetime) -> int:
    return strike_out_in(GroupSign.objects.all(), person, "note")


register_personal_data(
    "group_cases.households",
    _("Group complaints of which you are part"),
    GroupHousehold,
    export=export_households,
    erase=erase_households,
)
register_personal_data("group_cases.groups", _("Group complaints"), GroupCase, erase=erase_groups)
register_personal_data(
    "group_cases.signs", _("What was seen at group complaints"), GroupSign, erase=erase_signs
)
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
    GroupSign.objects.filter(group_case__in=ids).update(note="")
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
