"""Mails to those who keep the registers: that a term ends, or has run out. The same sentence as the bell's, and a link.

A mail is queued in the transaction that notes that it was told of, so that each goes once. No customer is named.
"""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.core.mail import EmailMessage
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from hearth.accounts.models import User
from hearth.core.addresses import public_url
from hearth.core.notifications import notification_kinds
from hearth.registers.notifications import AUDIT_DUE, CLOCK_OVER, CLOCK_SOON

REVIEW_DUE, CONTRACT_ENDS = "registers.review_due", "registers.contract_ends"
SENTENCES = {
    **{kind: notification_kinds[kind].text for kind in (AUDIT_DUE, CLOCK_OVER, CLOCK_SOON)},
    REVIEW_DUE: _("The impact assessment %(name)s is to be reviewed by %(day)s"),
    CONTRACT_ENDS: _("The contract with %(name)s ends on %(day)s"),
}


def queue_mails(people: Iterable[User], kind: str, *, url: str, params: Mapping[str, Any]) -> None:
    """Queue a mail to each of the people who has an address; people of the demo get none."""
    from hearth.registers.jobs import mail  # noqa: PLC0415  (jobs call this module)

    for user in people:
        if user.email and not user.is_sample:
            mail.defer(user_id=user.pk, kind=kind, url=url, params=dict(params))


def write_mail(user: User, kind: str, *, url: str, params: Mapping[str, Any]) -> None:
    """Write to one person in their language; opens a connection to the mail server.

    The identifier of the mail is made from all it says, so that a mailbox can tell a repetition.

    :raises OSError: if the server cannot be reached
    """
    with override(user.language):
        sentence = str(SENTENCES[kind]) % params
    address = public_url(url)
    key = uuid5(NAMESPACE_URL, f"{user.pk} {kind} {address} {sorted(params.items())}")
    headers = {"Message-ID": f"<{key}@hearth>"}
    EmailMessage(sentence, f"{sentence}\n\n{address}", to=[user.email], headers=headers).send()
