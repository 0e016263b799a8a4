"""Addressing members, by workers."""

from uuid import UUID

from django.utils import timezone

from hearth.campaigns.services.launch import queue_campaign_mails
from hearth.campaigns.services.trial import send_trial
from hearth.core.jobs import job


@job("campaigns.address_members")
def address_members(*, member_ids: list[str]) -> None:
    """Write the mails of these members."""
    queue_campaign_mails([UUID(member_id) for member_id in member_ids], now=timezone.now())


@job("campaigns.send_trial", retry=False)
def send_trial_mail(*, treatment_id: str, user_id: int) -> None:
    """Send a user the mail of an arm as its members would get it."""
    send_trial(UUID(treatment_id), user_id)
