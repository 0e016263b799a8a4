"""A mail to oneself before anybody else gets it."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import User
from hearth.campaigns.models import Treatment
from hearth.campaigns.permissions import CHANGE_CAMPAIGN
from hearth.campaigns.services.launch import fill_in
from hearth.channels.gateways.mail import Mail, MailServer
from hearth.core.actor import Actor
from hearth.core.errors import DomainError
from hearth.lib.identifiers import uuid7

SAMPLE_TOKEN = "sample"  # noqa: S105  (opens nothing)


class NoOwnAddress(DomainError):
    """A trial goes to the mail address of the account."""

    code = "no_own_address"
    message = _("Your account has no e-mail address to send the trial to.")


def request_trial(treatment: Treatment, *, actor: Actor) -> None:
    """Queue the mail of an arm to the actor's own address.

    :raises NotAllowed: if the actor may not plan campaigns at the place
    :raises NoOwnAddress: if the account has none
    """
    from hearth.campaigns.jobs import send_trial_mail  # noqa: PLC0415  (jobs call services)

    actor.require(CHANGE_CAMPAIGN, treatment.campaign.org_unit_id)
    user = User.objects.filter(pk=actor.user_id).exclude(email="").first()
    if user is None:
        raise NoOwnAddress
    send_trial_mail.defer(treatment_id=str(treatment.pk), user_id=user.pk)


def send_trial(treatment_id: UUID, user_id: int) -> None:
    """Talk to the mail server; the links of a trial lead nowhere."""
    treatment = Treatment.objects.get(pk=treatment_id)
    user = User.objects.get(pk=user_id)
    mail = Mail(
        uuid7(),
        user.email,
        fill_in(treatment.subject, name=user.display_name, token=SAMPLE_TOKEN),
        fill_in(treatment.body, name=user.display_name, token=SAMPLE_TOKEN),
    )
    with MailServer() as server:
        server.begin(mail)
        server.finish()
