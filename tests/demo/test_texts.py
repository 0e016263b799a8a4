"""Some buyers of the invented city read the texts of their contracts; all of it goes with the sample."""

from collections import Counter

import pytest

from hearth.contract_texts.facts import facts_of
from hearth.contract_texts.models import ClauseConfirmation, ContractTemplate, ContractText, TextReading
from hearth.contract_texts.services import clauses_of, contract_of, findings_of
from hearth.core.actor import Actor
from hearth.demo.loading.contract_texts import LOANS
from hearth.demo.services import clear_demo
from hearth.demo.truth import CityTruth
from hearth.sales.models import Loan
from tests.demo.conftest import NOW

pytestmark = pytest.mark.django_db


def test_texts_are_drafted_checked_read_and_signed(truth: CityTruth) -> None:
    states = Counter(ContractText.objects.values_list("state", flat=True))

    assert states["draft"] == states["submitted"] == states["given"] == 1
    assert states["signed"] >= 1
    assert ContractTemplate.objects.filter(state="approved").count() == 2
    for text in ContractText.objects.select_related("org_unit"):
        found = findings_of(text, clauses_of(text), facts_of(contract_of(text)))
        assert [each for each in found if not each.can_be_approved] == []


def test_some_loans_are_under_way(truth: CityTruth) -> None:
    loans = Loan.objects.order_by("id")

    assert [loan.steps.count() for loan in loans] == list(range(1, LOANS + 1))


def test_texts_and_loans_go_with_the_sample(truth: CityTruth) -> None:
    clear_demo(actor=Actor.system("test"), now=NOW)

    models = (ContractText, ContractTemplate, TextReading, ClauseConfirmation, Loan)
    assert [model.objects.count() for model in models] == [0] * 5
