"""Repairs for tests."""

from datetime import UTC, date, datetime
from typing import Any

from hearth.core.actor import Actor
from hearth.organization.models import OrgUnit
from hearth.properties.models import Unit
from hearth.repairs.services import set_acceptance
from tests.customers.builders import make_home

NOW = datetime(2026, 3, 18, 6, 30, tzinfo=UTC)
TODAY = date(2026, 3, 18)
SYSTEM = Actor.system("test")


def make_delivered(
    place: OrgUnit,
    *,
    handed_over: date | None = date(2024, 6, 28),
    accepted: date | None = date(2023, 12, 20),
    **values: Any,
) -> Unit:
    """Write a home that was handed over, of a building that was accepted; further values are those of `make_home`."""
    home = make_home(place, **values)
    home.handover_date = handed_over
    home.save(update_fields=["handover_date"])
    if accepted:
        set_acceptance(home.building, accepted, actor=SYSTEM, now=NOW)
    return home
