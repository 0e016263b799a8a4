"""The list of mails that came."""

from collections.abc import Sequence

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.customers.permissions import VIEW_CUSTOMER
from hearth.lists import cells
from hearth.lists.cells import Heading
from hearth.lists.columns import badge_of, name_of, value_of, word_of
from hearth.lists.definitions import (
    Batch,
    Column,
    Emptiness,
    ListDefinition,
    Order,
    Preset,
    register_list,
)
from hearth.lists.filters import CHOICE, INSTANT, PLACE, Filter
from hearth.mailroom.models import InboundMail
from hearth.mailroom.permissions import HANDLE_MAIL

STATES, KINDS, REASONS = InboundMail.State.choices, InboundMail.Kind.choices, InboundMail.Reason.choices
STATE_COLOURS = {
    "waiting": "orange",
    "taken": "green",
    "held": "red",
    "noted": "secondary",
    "dismissed": "secondary",
}


def _subjects(batch: Batch[InboundMail]) -> Sequence[Heading]:
    return [Heading(str(row), row.sender_name, icon="mail") for row in batch.rows]


def _customers(batch: Batch[InboundMail]) -> Sequence[str]:
    """Name the customers where the reader may see them; no query."""
    scope = batch.actor.scope(VIEW_CUSTOMER)
    return [str(row.customer) if row.customer and scope.covers(row.org_unit_id) else "" for row in batch.rows]


def _cases(batch: Batch[InboundMail]) -> Sequence[str]:
    return [f"#{row.case.number}" if row.case else "" for row in batch.rows]


MAILS = register_list(
    ListDefinition(
        key="mails",
        label=_("Mailroom"),
        icon="mail",
        permission=HANDLE_MAIL,
        url_name="mailroom:mails",
        record_url_name="mailroom:mail",
        rows=InboundMail.objects.visible_to,
        whole=lambda: InboundMail.objects.select_related("mailbox", "customer", "case", "org_unit").defer(
            "text", "quoted", "sender_sealed"
        ),
        search=lambda words: Q(subject__icontains=words) | Q(sender_name__icontains=words),
        search_hint=_("Subject or sender"),
        columns=(
            Column("subject", _("Subject"), _subjects, cells.HEADING),
            Column("state", _("State"), badge_of("state", STATES, STATE_COLOURS), cells.BADGE),
            Column("reason", pgettext_lazy("mail", "Because"), word_of("reason", REASONS)),
            Column("kind", pgettext_lazy("mail", "Written by"), word_of("kind", KINDS), is_usual=False),
            Column("customer", _("Customer"), _customers, permission=VIEW_CUSTOMER),
            Column("case", _("Case"), _cases),
            Column(
                "received",
                pgettext_lazy("mail", "Came"),
                value_of("received_at"),
                cells.AGO,
                order="received",
            ),
            Column("mailbox", _("Mailbox"), name_of("mailbox")),
            Column("place", _("Place"), name_of("org_unit"), is_usual=False),
        ),
        filters=(
            Filter("state", _("State"), CHOICE, "state", STATES, is_grouping=True),
            Filter("kind", pgettext_lazy("mail", "Written by"), CHOICE, "kind", KINDS, is_grouping=True),
            Filter(
                "reason", pgettext_lazy("mail", "Because"), CHOICE, "reason", REASONS[1:], is_grouping=True
            ),
            Filter("place", _("Place"), PLACE, "org_unit"),
            Filter("received", pgettext_lazy("mail", "Came"), INSTANT, "received_at"),
        ),
        orders=(Order("received", pgettext_lazy("mail", "Came"), "-received_at", "received_at"),),
        quick=("state", "kind", "reason"),
        presets=(
            Preset("waiting", pgettext_lazy("mail", "Waiting for a decision"), {"state": "waiting"}),
            Preset("held", pgettext_lazy("mail", "Held back"), {"state": "held"}),
            Preset("machines", pgettext_lazy("mail", "Not from people"), {"kind": "not:person"}),
        ),
        emptiness=Emptiness(
            title=_("No mail yet"),
            text=_(
                "Mails to your mailboxes arrive here each minute. Those of customers become cases by themselves, all "
                "others wait for a person."
            ),
            action_label=_("Set up a mailbox"),
            action_url_name="mailroom:new_mailbox",
            has_samples=True,
            none_fits=_("Fewer words or wider filters find more."),
        ),
    )
)
