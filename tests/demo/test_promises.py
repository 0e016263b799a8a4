"""What the buyers of the invented city were told and promised, and its removal."""

from collections import Counter

import pytest

from hearth.core.actor import Actor
from hearth.demo.city.promises import FACTORS
from hearth.demo.services import clear_demo
from hearth.demo.truth import CityTruth
from hearth.promises.models import Acknowledgement, AdverseFactor, Disclosure, Promise
from hearth.promises.selectors import told_of_disclosures
from hearth.sales.models import Contract
from tests.demo.conftest import NOW

ACTOR = Actor.system("test")
pytestmark = pytest.mark.django_db


def test_one_project_discloses_and_promises_through_the_hands_of_two_persons(truth: CityTruth) -> None:
    states = Counter(Disclosure.objects.values_list("kind", "state"))
    promises = Counter(Promise.objects.values_list("state", flat=True))

    assert states == {
        ("pledge", "published"): 1,
        ("loan_risk", "published"): 1,
        ("adverse_factors", "draft"): 1,
    }
    assert promises == {"open": 1, "overdue": 1, "broken": 1, "withdrawn": 1}
    assert AdverseFactor.objects.count() == len(FACTORS)


def test_some_buyers_have_acknowledged_what_was_disclosed(truth: CityTruth) -> None:
    acknowledgement = Acknowledgement.objects.order_by("id")[0]
    contract = Contract.objects.get(unit=acknowledgement.unit, customer=acknowledgement.customer)

    told = told_of_disclosures(contract, ACTOR)

    assert {each.acknowledgement is not None for each in told} == {True}


def test_the_demo_takes_all_of_it_away_again(truth: CityTruth) -> None:
    clear_demo(actor=ACTOR, now=NOW)

    assert [model.objects.count() for model in (Disclosure, AdverseFactor, Acknowledgement, Promise)] == [
        0
    ] * 4
