"""Who brings the customers of the invented city, what is changed of its contracts, and their removal."""

import pytest

from hearth.brokers.models import Broker, ChannelRegistration, CommissionRule, Partner, RegistrationConflict
from hearth.contract_changes.models import ChangeRequest
from hearth.core.actor import Actor
from hearth.core.models import EventRecord
from hearth.demo.city.brokers import REGISTRATIONS
from hearth.demo.services import clear_demo
from hearth.demo.truth import CityTruth
from tests.demo.conftest import NOW

pytestmark = pytest.mark.django_db


def test_the_second_broker_of_a_customer_is_refused_and_has_objected(truth: CityTruth) -> None:
    rows = ChannelRegistration.objects.all()
    refused = rows.get(broker__name="吴敏", customer_name="高洁")

    assert len(rows) == len(REGISTRATIONS)
    assert (refused.state, refused.because) == ("invalid", "before")
    assert RegistrationConflict.objects.count() == 1
    assert {partner.kind for partner in Partner.objects.all()} == {"agency", "referral"}


def test_two_changes_wait_and_one_was_carried_out_to_the_cent(truth: CityTruth) -> None:
    done = ChangeRequest.objects.select_related("contract").get(state="carried_out")

    assert ChangeRequest.objects.filter(state="submitted").count() == 2
    assert str(done.contract.total_amount) == done.said_after["total"]


def test_brokers_and_changes_go_with_the_sample(truth: CityTruth) -> None:
    clear_demo(actor=Actor.system("test"), now=NOW)

    for model in (Partner, Broker, ChannelRegistration, CommissionRule, RegistrationConflict, ChangeRequest):
        assert not model._default_manager.exists()
    assert not EventRecord.objects.filter(type__startswith="brokers.").exists()
