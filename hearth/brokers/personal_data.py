"""What brokers registered of a person, and who recommends: given out, erased, and kept for a time."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import pgettext_lazy

from hearth.brokers.models import (
    Broker,
    ChannelRegistration,
    Commission,
    CommissionRule,
    CommissionSheet,
    CommissionStep,
    ConflictSide,
    Partner,
    RegistrationConflict,
)
from hearth.brokers.models.registrations import ChannelRegistrationQuerySet
from hearth.brokers.numbers import whole_number
from hearth.core.personal_data import (
    STRUCK_OUT,
    Person,
    Table,
    delete_rows,
    holds_none,
    register_personal_data,
    strike_out_in,
    table_of,
)
from hearth.core.retention import KeptKind, Way, keep_for_a_time, ties
from hearth.customers.contacts import PHONE, is_contact

State = ChannelRegistration.State


def _of(person: Person) -> ChannelRegistrationQuerySet:
    """Return what was registered of a person: known by the visit, or by a whole number that is theirs."""
    indexes = [whole_number(word).index for word in person.words if is_contact(PHONE, word)]
    return ChannelRegistration.objects.filter(Q(customer__in=person.ids) | Q(phone_index__in=indexes))


def export_registrations(person: Person) -> Table:
    rows = _of(person).select_related("project", "partner").order_by("created_at", "id")
    return table_of(
        rows,
        ("created_at", pgettext_lazy("channel registration", "registered")),
        ("project__name", pgettext_lazy("channel registration", "project")),
        ("partner__name", pgettext_lazy("channel registration", "by")),
        "customer_name",
        "planned_date",
        "state",
        "visited_at",
        "way",
        "legal_basis",
    )


def erase_registrations(person: Person, now: datetime) -> int:
    """Empty what was registered of the person; that somebody was registered then stays, for whoever earned by it."""
    number = 0
    for row in _of(person):
        number += _empty(row, now)
    number += strike_out_in(ChannelRegistration.objects.all(), person, "customer_name")
    return number + strike_out_in(RegistrationConflict.objects.all(), person, "claim", "reason")


def _empty(row: ChannelRegistration, now: datetime) -> int:
    if row.customer_name == STRUCK_OUT and row.masked_index is None:
        return 0
    row.customer_name, row.phone_sealed, row.masked_index, row.phone_index = STRUCK_OUT, b"", None, None
    if row.state in (State.WAITING, State.DISPUTED):
        row.state = State.EXPIRED
    row.updated_at = now
    row.save()
    return 1


def export_brokers(person: Person) -> Table:
    rows = Broker.objects.filter(customer__in=person.ids).select_related("partner").order_by("id")
    return table_of(
        rows,
        ("partner__name", pgettext_lazy("broker", "recommends for")),
        "name",
        ("phone", pgettext_lazy("broker", "phone")),
        "active_from_date",
        "active_until_date",
    )


def erase_brokers(person: Person, now: datetime) -> int:
    """End the recommending of the person with the link, and strike them out where others are named."""
    number = 0
    for row in Broker.objects.filter(customer__in=person.ids).exclude(name=STRUCK_OUT):
        row.name, row.phone_sealed, row.digest, row.link_ends_at = STRUCK_OUT, b"", "", None
        row.active_until_date = max(row.active_from_date, localdate(now))
        row.updated_at = now
        row.save()
        number += 1
    number += strike_out_in(Broker.objects.all(), person, "name")
    return number + strike_out_in(Partner.objects.all(), person, "name")


register_personal_data(
    "brokers.registrations",
    pgettext_lazy("brokers", "Registrations by brokers"),
    ChannelRegistration,
    RegistrationConflict,
    export=export_registrations,
    erase=erase_registrations,
)
register_personal_data(
    "brokers.brokers",
    pgettext_lazy("brokers", "Recommending"),
    Broker,
    Partner,
    export=export_brokers,
    erase=erase_brokers,
)


def erase_settlements(person: Person, now: datetime) -> int:
    """Strike the person out where somebody sent a settlement back in words that name them."""
    return strike_out_in(CommissionSheet.objects.all(), person, "returned_because", "payment_number")


register_personal_data(
    "brokers.settlements",
    pgettext_lazy("brokers", "Names in settlements"),
    CommissionSheet,
    erase=erase_settlements,
)
holds_none(CommissionRule, CommissionStep, because="What a project pays for contracts, whoever signs.")
holds_none(Commission, because="An amount for a contract on a registration; these two say whose.")
holds_none(
    ConflictSide, because="Which registrations stand against each other; the registrations say of whom."
)


def registered(ids: Collection[UUID], before: datetime) -> set[UUID]:
    """Name those of the customers whom a registration still protects for a broker."""
    rows = ChannelRegistration.objects.holding().filter(customer__in=ids)
    return set(rows.values_list("customer_id", flat=True))


def ended_before(before: datetime) -> ChannelRegistrationQuerySet:
    """Return what led to nothing and has stood so for long; what is or was disputed goes with its conflict."""
    rows = ChannelRegistration.objects.filter(state__in=(State.INVALID, State.EXPIRED), is_sample=False)
    waits = ConflictSide.objects.filter(conflict__decided_at=None).values("registration")
    earned = Commission.objects.values("registration")
    return rows.filter(updated_at__lt=before).exclude(pk__in=waits).exclude(pk__in=earned)


def remove_registrations(ids: Sequence[UUID], now: datetime) -> int:
    """Remove registrations with the decided conflicts about them alone."""
    rows = ChannelRegistration.objects.filter(pk__in=ids)
    RegistrationConflict.objects.filter(awarded_to__in=rows).update(awarded_to=None)
    number = delete_rows(rows)
    RegistrationConflict.objects.filter(sides=None).delete()
    return number


ties.register("brokers.registrations", registered)
keep_for_a_time(
    KeptKind(
        code="brokers.registrations",
        label=pgettext_lazy("brokers", "Registrations that led to nothing"),
        due=ended_before,
        ways={Way.ERASE: remove_registrations},
    )
)
