"""The lists of registrations and of partners."""

from collections.abc import Sequence

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.brokers.models import Broker, ChannelRegistration, Partner
from hearth.brokers.permissions import VIEW_BROKER
from hearth.lists import cells
from hearth.lists.cells import Heading
from hearth.lists.columns import badge_of, name_of, value_of, word_of
from hearth.lists.definitions import Batch, Column, Emptiness, ListDefinition, Order, Preset, register_list
from hearth.lists.filters import CHOICE, DAY, INSTANT, PLACE, TEXT, Filter

STATES, REASONS = ChannelRegistration.State.choices, ChannelRegistration.Because.choices
WAYS, KINDS = ChannelRegistration.Way.choices, Partner.Kind.choices
STATE_COLOURS = {
    "waiting": "blue",
    "disputed": "orange",
    "visited": "cyan",
    "signed": "green",
    "invalid": "secondary",
    "expired": "secondary",
}


def _names(batch: Batch[ChannelRegistration]) -> Sequence[Heading]:
    return [Heading(row.customer_name, row.project.name, icon="clipboard-list") for row in batch.rows]


def _phones(batch: Batch[ChannelRegistration]) -> Sequence[str]:
    return [row.masked_phone for row in batch.rows]


REGISTRATIONS = register_list(
    ListDefinition(
        key="channel-registrations",
        label=pgettext_lazy("channel registrations", "Registrations of brokers"),
        icon="clipboard-list",
        permission=VIEW_BROKER,
        url_name="brokers:registrations",
        record_url_name="brokers:registration",
        rows=ChannelRegistration.objects.visible_to,
        whole=lambda: ChannelRegistration.objects.select_related("project", "partner", "broker", "org_unit"),
        search=lambda words: (
            Q(customer_name__icontains=words)
            | Q(partner__name__icontains=words)
            | Q(broker__name__icontains=words)
        ),
        search_hint=pgettext_lazy("channel registrations", "Name of customer, broker or partner"),
        columns=(
            Column("customer", _("Customer"), _names, cells.HEADING),
            Column("phone", _("Phone"), _phones),
            Column("state", _("State"), badge_of("state", STATES, STATE_COLOURS), cells.BADGE),
            Column("partner", pgettext_lazy("broker", "Partner"), name_of("partner")),
            Column("broker", pgettext_lazy("broker", "Broker"), name_of("broker")),
            Column(
                "registered",
                pgettext_lazy("channel registration", "Registered"),
                value_of("created_at"),
                cells.MINUTE,
            ),
            Column(
                "planned",
                pgettext_lazy("channel registration", "Planned visit"),
                value_of("planned_date"),
                cells.DAY,
            ),
            Column(
                "protected",
                pgettext_lazy("channel registration", "Protected until"),
                value_of("protected_until_at"),
                cells.MINUTE,
            ),
            Column(
                "visited",
                pgettext_lazy("channel registration", "Visited"),
                value_of("visited_at"),
                cells.MINUTE,
                is_usual=False,
            ),
            Column(
                "because",
                pgettext_lazy("channel registration", "Why invalid"),
                word_of("because", REASONS),
                is_usual=False,
            ),
            Column(
                "way", pgettext_lazy("channel registration", "Came by"), word_of("way", WAYS), is_usual=False
            ),
            Column("place", _("Place"), name_of("org_unit"), is_usual=False),
        ),
        filters=(
            Filter("state", _("State"), CHOICE, "state", STATES, is_grouping=True),
            Filter(
                "because",
                pgettext_lazy("channel registration", "Why invalid"),
                CHOICE,
                "because",
                REASONS,
                is_grouping=True,
            ),
            Filter("way", pgettext_lazy("channel registration", "Came by"), CHOICE, "way", WAYS),
            Filter("project", _("Project"), TEXT, "project__name"),
            Filter("partner", pgettext_lazy("broker", "Partner"), TEXT, "partner__name"),
            Filter("broker", pgettext_lazy("broker", "Broker"), TEXT, "broker__name"),
            Filter("registered", pgettext_lazy("channel registration", "Registered"), INSTANT, "created_at"),
            Filter("planned", pgettext_lazy("channel registration", "Planned visit"), DAY, "planned_date"),
            Filter("place", _("Place"), PLACE, "org_unit"),
        ),
        orders=(Order("newest", _("Newest"), "-id"),),
        quick=("state", "partner", "project", "registered"),
        presets=(
            Preset("waiting", pgettext_lazy("channel registrations", "Expected"), {"state": "waiting"}),
            Preset("disputed", pgettext_lazy("channel registrations", "Disputed"), {"state": "disputed"}),
            Preset(
                "visited",
                pgettext_lazy("channel registrations", "Confirmed by a visit"),
                {"state": "visited"},
            ),
        ),
        emptiness=Emptiness(
            title=pgettext_lazy("channel registrations", "No registration yet"),
            text=_(
                "Brokers and customers who recommend register who comes before the visit. Who was first, and until "
                "when, is on record here."
            ),
            action_label=pgettext_lazy("channel registrations", "Register a customer"),
            action_url_name="brokers:new_registration",
            none_fits=_("Fewer words or wider filters find more."),
        ),
    )
)


def _partners(batch: Batch[Partner]) -> Sequence[Heading]:
    return [Heading(row.name, row.get_kind_display(), icon="users-group") for row in batch.rows]


def _brokers(batch: Batch[Partner]) -> Sequence[int]:
    """Count the brokers of each; one query."""
    rows = Partner.objects.filter(pk__in=[row.pk for row in batch.rows]).annotate(number=Count("brokers"))
    found = dict(rows.values_list("pk", "number"))
    return [found.get(row.pk, 0) for row in batch.rows]


PARTNERS = register_list(
    ListDefinition(
        key="partners",
        label=pgettext_lazy("brokers", "Partners"),
        icon="users-group",
        permission=VIEW_BROKER,
        url_name="brokers:partners",
        record_url_name="brokers:partner",
        rows=Partner.objects.visible_to,
        whole=lambda: Partner.objects.select_related("org_unit"),
        search=lambda words: (
            Q(name__icontains=words)
            | Q(pk__in=Broker.objects.filter(name__icontains=words).values("partner"))
        ),
        search_hint=pgettext_lazy("brokers", "Name of partner or broker"),
        columns=(
            Column("name", pgettext_lazy("broker", "Partner"), _partners, cells.HEADING),
            Column("brokers", pgettext_lazy("brokers", "Brokers"), _brokers, cells.NUMBER),
            Column("from", pgettext_lazy("partner", "Active from"), value_of("active_from_date"), cells.DAY),
            Column(
                "until", pgettext_lazy("partner", "Active until"), value_of("active_until_date"), cells.DAY
            ),
            Column("place", _("Place"), name_of("org_unit")),
        ),
        filters=(
            Filter("kind", pgettext_lazy("partner", "Kind"), CHOICE, "kind", KINDS, is_grouping=True),
            Filter("until", pgettext_lazy("partner", "Active until"), DAY, "active_until_date"),
            Filter("place", _("Place"), PLACE, "org_unit"),
        ),
        orders=(Order("newest", _("Newest"), "-id"),),
        quick=("kind",),
        emptiness=Emptiness(
            title=pgettext_lazy("brokers", "No partner yet"),
            text=_(
                "Agencies with their brokers, and the customers who recommend, register customers by a link of "
                "their own."
            ),
            action_label=pgettext_lazy("brokers", "Add a partner"),
            action_url_name="brokers:new_partner",
            none_fits=_("Fewer words or wider filters find more."),
        ),
    )
)
