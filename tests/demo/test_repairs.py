"""What is repaired in the invented city, and its removal."""

from collections import Counter

import pytest

from hearth.core.actor import Actor
from hearth.demo.services import clear_demo
from hearth.demo.truth import CityTruth
from hearth.repairs.models import BuildingAcceptance, RepairOrder, RepairSlot, SparePart
from tests.demo.conftest import NOW

ACTOR = Actor.system("test")
pytestmark = pytest.mark.django_db


def test_an_engineer_has_a_week_with_repairs_booked_reported_and_one_repeated(truth: CityTruth) -> None:
    states = Counter(RepairOrder.objects.values_list("state", flat=True))

    assert states["finished"] == 1
    assert states["booked"] > 0
    assert states["open"] > 0
    assert RepairOrder.objects.filter(repeat_of__isnull=False).exists()
    assert {row.taken for row in RepairSlot.objects.all()} == {0, 1}
    assert BuildingAcceptance.objects.exists()


def test_with_the_demo_its_repairs_go(truth: CityTruth) -> None:
    clear_demo(actor=ACTOR, now=NOW)

    for model in (RepairOrder, RepairSlot, SparePart, BuildingAcceptance):
        assert not model.objects.exists()
