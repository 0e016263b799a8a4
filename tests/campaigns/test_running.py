"""A running campaign: mails once, calls one after another, reactions counted alike in all arms."""

from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from hearth.campaigns.models import CampaignMember, Response
from hearth.campaigns.services.audience import draw_audience
from hearth.campaigns.services.calls import CallNotYours, record_call_result, take_call
from hearth.campaigns.services.launch import (
    AudienceMissing,
    NobodyToAddress,
    launch_campaign,
    queue_campaign_mails,
)
from hearth.campaigns.services.responses import opt_out, record_purchases, record_response
from hearth.channels.models import Interaction, Message
from hearth.core.actor import Actor
from hearth.core.errors import NotAllowed
from hearth.core.models import EventRecord
from hearth.customers.models import Customer
from hearth.organization.models import OrgUnit
from hearth.privacy.selectors import may_contact
from tests.campaigns.builders import (
    CALL,
    CONTROL,
    make_campaign,
    make_reachable_customer,
    make_running_campaign,
    member_of,
)
from tests.organization.builders import make_actor
from tests.privacy.builders import make_consent, make_household

pytestmark = pytest.mark.django_db
CALLER = ("campaigns.work_call_list", "channels.record")


def deferred_members() -> list[UUID]:
    job = ProcrastinateJob.objects.get(task_name="campaigns.address_members")
    return [UUID(number) for number in job.args["member_ids"]]


def test_mails_go_to_the_treated_once_and_the_control_group_is_left_in_peace(
    company: OrgUnit, actor: Actor, now: datetime
) -> None:
    campaign = make_running_campaign(company, now=now)
    treated = campaign.members.exclude(treatment__channel="")

    first = queue_campaign_mails(deferred_members(), now=now)
    again = queue_campaign_mails(deferred_members(), now=now)

    assert 0 < first == treated.count() < 8
    assert again == 0
    assert set(Message.objects.values_list("customer_id", flat=True)) == set(
        treated.values_list("customer_id", flat=True)
    )
    member = member_of(campaign)
    message = Message.objects.get(customer=member.customer)
    assert message.recipient.endswith("@example.com")
    assert f"/p/r/{member.token}" in message.body
    assert message.unsubscribe_url.endswith(f"/p/u/{member.token}")
    assert member.treated_at == now
    assert message.sender_id == campaign.pk
    with pytest.raises(AudienceMissing):
        launch_campaign(campaign, actor=actor, now=now)


def test_a_campaign_needs_the_right_to_start_and_somebody_to_address(
    company: OrgUnit, actor: Actor, now: datetime
) -> None:
    campaign = make_campaign(company, now=now, members=[make_reachable_customer(company, consents=False)])
    draw_audience(campaign, actor=actor, now=now)

    with pytest.raises(NotAllowed):
        launch_campaign(campaign, actor=make_actor(company, "campaigns.change"), now=now)
    with pytest.raises(NobodyToAddress):
        launch_campaign(campaign, actor=actor, now=now)


def test_two_callers_never_get_the_same_customer(company: OrgUnit, now: datetime) -> None:
    campaign = make_running_campaign(company, now=now, arms=[CONTROL, CALL])
    ann, bob = make_actor(company, *CALLER), make_actor(company, *CALLER)

    first, second = take_call(campaign, actor=ann, now=now), take_call(campaign, actor=bob, now=now)
    again = take_call(campaign, actor=ann, now=now)

    assert first is not None
    assert second is not None
    assert first.pk != second.pk
    assert again == first
    events = EventRecord.objects.filter(type="campaigns.call_taken")
    assert {event.customer_id for event in events} == {first.customer_id, second.customer_id}


def test_a_call_left_lying_goes_to_the_next_caller(company: OrgUnit, now: datetime) -> None:
    campaign = make_running_campaign(company, now=now, arms=[CONTROL, CALL])
    ann, bob = make_actor(company, *CALLER), make_actor(company, *CALLER)
    first = take_call(campaign, actor=ann, now=now)

    taken = take_call(campaign, actor=bob, now=now + timedelta(minutes=31))

    assert taken == first
    assert first is not None
    with pytest.raises(CallNotYours):
        record_call_result(first, result="reached", actor=ann, now=now)


def test_a_result_closes_the_call_and_stands_among_the_contacts(company: OrgUnit, now: datetime) -> None:
    campaign = make_running_campaign(company, now=now, arms=[CONTROL, CALL])
    ann = make_actor(company, *CALLER)
    member = take_call(campaign, actor=ann, now=now)
    assert member is not None

    record_call_result(member, result="reached", note="周末来看房", responded=True, actor=ann, now=now)

    member.refresh_from_db()
    assert (member.call_result, member.called_at, member.responded_at) == ("reached", now, now)
    contact = Interaction.objects.get(customer=member.customer)
    assert (contact.channel, contact.direction, contact.body) == ("phone", "outbound", "周末来看房")
    assert Customer.objects.get(pk=member.customer_id).last_contact_at == now
    assert take_call(campaign, actor=ann, now=now) != member


def test_consent_withdrawn_after_the_draw_takes_a_customer_off_the_list(
    company: OrgUnit, now: datetime
) -> None:
    campaign = make_running_campaign(company, now=now, arms=[CONTROL, CALL])
    for member in campaign.members.exclude(treatment__channel=""):
        make_consent(member.customer_id, decision="withdrawn", decided_at=now)

    taken = take_call(campaign, actor=make_actor(company, *CALLER), now=now)

    assert taken is None
    results = campaign.members.exclude(treatment__channel="").values_list("call_result", flat=True)
    assert set(results) == {"not_allowed"}


@pytest.mark.requirement("S51")
def test_a_reaction_is_counted_once_and_only_inside_the_window(
    company: OrgUnit, actor: Actor, now: datetime
) -> None:
    campaign = make_running_campaign(company, now=now)
    member = member_of(campaign)

    def react(kind: str, reference: str, at: datetime, amount: Decimal | None = None) -> bool:
        return record_response(
            member,
            kind=kind,
            source="event",
            reference=reference,
            actor=actor,
            now=at,
            amount=amount,
        )

    counted = [
        react("opened", "link", now),
        react("response", "link", now + timedelta(days=1)),
        react("response", "link", now + timedelta(days=2)),
        react("purchase", "c1", now + timedelta(days=3), Decimal(100)),
        react("purchase", "c2", now + timedelta(days=4), Decimal(50)),
        react("purchase", "c2", now + timedelta(days=4), Decimal(50)),
        react("purchase", "late", now + timedelta(days=14), Decimal(900)),
    ]

    assert counted == [True, True, False, True, True, False, True]
    member.refresh_from_db()
    assert member.responded_at == now + timedelta(days=1)
    assert member.purchased_at == now + timedelta(days=3)
    assert member.revenue_amount == Decimal(150)
    assert Response.objects.filter(member=member).count() == 5


def test_a_purchase_by_anybody_of_the_household_counts_in_control_too(
    company: OrgUnit, actor: Actor, now: datetime
) -> None:
    campaign = make_running_campaign(company, now=now)
    control, household = member_of(campaign, treated=False), make_household()
    spouse = make_reachable_customer(company)
    Customer.objects.filter(pk=spouse.pk).update(household=household)
    CampaignMember.objects.filter(pk=control.pk).update(household_key=household.pk)

    def buy() -> int:
        return record_purchases(
            spouse.pk, amount=Decimal(2_000_000), reference="HT-1", occurred_at=now, actor=actor, now=now
        )

    assert (buy(), buy()) == (1, 0)
    control.refresh_from_db()
    assert (control.purchased_at, control.revenue_amount) == (now, Decimal(2_000_000))


def test_opting_out_withdraws_consent_on_every_channel_once(company: OrgUnit, now: datetime) -> None:
    campaign = make_running_campaign(company, now=now)
    member = member_of(campaign)

    opt_out(member, now=now)
    opt_out(member, now=now + timedelta(minutes=1))

    answers = [may_contact([member.customer_id], "marketing", channel) for channel in ("email", "phone")]
    assert [answer[member.customer_id].value for answer in answers] == ["opted_out", "opted_out"]
    assert member.customer.consents.filter(decision="withdrawn").count() == 1
