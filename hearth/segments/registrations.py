"""The catalogue's entries, and the place in the rail."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.audit.coverage import leave_unwatched
from hearth.cases.models import Case
from hearth.channels.models import Channel, Interaction
from hearth.core.events import event_types
from hearth.core.navigation import Place, Section, register_place
from hearth.core.profiling import no_score, traces_of_scores
from hearth.custom_fields.models import FieldDefinition
from hearth.custom_fields.values import name_of
from hearth.customers.following import rows_follow
from hearth.customers.models import Customer, UnitRole
from hearth.customers.words import PORTFOLIO_ACTIONS
from hearth.exports.sources import export_sources
from hearth.imports.reversal import register_disposable
from hearth.properties.models import Project, Unit
from hearth.segments import list_filter, lists  # noqa: F401  (each registers what it offers)
from hearth.segments.catalogue import Behaviour, Choices, SegmentField, register_behaviour, register_field
from hearth.segments.exporting import SEGMENT
from hearth.segments.models import SegmentCount, SegmentMember
from hearth.segments.permissions import CHANGE_SEGMENT, VIEW_SEGMENT
from hearth.segments.refusing import forget_memberships

register_disposable(SegmentMember)
traces_of_scores.register("segments.members", forget_memberships)
no_score("segments.SegmentMember.count", because="Which count it was; who was found by a score is taken out.")

MOST_CHOICES = 500
PERSON, VALUE, CONTACT, CARE = _("Person"), _("Customer value"), _("Contact"), _("Service")

STAGES: Choices = (
    ("prospect", _("prospect")),
    ("pre_owner", _("pre-owner")),
    ("settling_in_owner", _("settling-in owner")),
    ("stable_owner", _("stable owner")),
    ("long_term_owner", _("long-term owner")),
)
TIERS: Choices = (
    ("top", pgettext_lazy("value tier", "top")),
    ("large", pgettext_lazy("value tier", "large")),
    ("medium", pgettext_lazy("value tier", "medium")),
    ("small", pgettext_lazy("value tier", "small")),
    ("inactive", pgettext_lazy("value tier", "inactive")),
    ("prospect", _("prospect")),
    ("suspect", pgettext_lazy("value tier", "suspect")),
)
ACTIONS: Choices = tuple(PORTFOLIO_ACTIONS.items())


def _known(choices: Iterable[tuple[str, object]]) -> list[tuple[str, str]]:
    """Leave out the empty choice: it is asked for as “is empty”."""
    return [(str(code), label) for code, label in choices if code]  # type: ignore[misc]


def _projects() -> Choices:
    rows = Project.objects.order_by("name", "id").values_list("id", "name")[:MOST_CHOICES]
    return [(str(project_id), name) for project_id, name in rows]


def _layouts() -> Choices:
    rows = Unit.objects.exclude(layout="").order_by("layout").values_list("layout", flat=True).distinct()
    return [(layout, layout) for layout in rows[:MOST_CHOICES]]


def _topics() -> Choices:
    rows = Case.objects.exclude(topic="").order_by("topic").values_list("topic", flat=True).distinct()
    return [(topic, topic) for topic in rows[:MOST_CHOICES]]


def _open_fields() -> Sequence[FieldDefinition]:
    """Return the fields that everybody who sees a customer sees: a segment is read by many."""
    rows = FieldDefinition.objects.filter(
        object_code="customer", is_active=True, is_sensitive=False, view_roles=[]
    )
    return list(rows.in_order()[:MOST_CHOICES])


def _custom_fields() -> Choices:
    return [(row.key, name_of(row)) for row in _open_fields()]


def _custom_choices() -> Choices:
    choices = {choice for row in _open_fields() for choice in row.choices}
    return [(choice, choice) for choice in sorted(choices)]


def _event_types() -> Choices:
    return [(event.type, event.label) for event in event_types.values()]


def _channels() -> Choices:
    return _known(Channel.choices)


for field in (
    SegmentField(
        "kind", _("kind"), "choice", "customers", "kind", PERSON, lambda: _known(Customer.Kind.choices)
    ),
    SegmentField("sex", _("sex"), "choice", "customers", "sex", PERSON, lambda: _known(Customer.Sex.choices)),
    SegmentField("birth_year", _("year of birth"), "number", "customers", "birth_year", PERSON),
    SegmentField(
        "source",
        _("source"),
        "choice",
        "customers",
        "source",
        PERSON,
        lambda: _known(Customer.Source.choices),
    ),
    SegmentField("created_at", _("known since"), "date", "customers", "created_at", PERSON),
    SegmentField("completeness", _("completeness, %"), "number", "customers", "completeness", PERSON),
    SegmentField("last_contact_at", _("last contact"), "date", "customers", "last_contact_at", CONTACT),
    SegmentField(
        "owner_stage", _("owner stage"), "choice", "customer_profiles", "owner_stage", VALUE, lambda: STAGES
    ),
    SegmentField(
        "value_tier",
        _("value tier"),
        "choice",
        "customer_profiles",
        "value_tier",
        VALUE,
        lambda: TIERS,
        is_open=True,
    ),
    SegmentField(
        "portfolio_action",
        _("portfolio action"),
        "choice",
        "customer_profiles",
        "portfolio_action",
        VALUE,
        lambda: ACTIONS,
    ),
    SegmentField(
        "monetary_amount", _("amount bought"), "money", "customer_profiles", "monetary_amount", VALUE
    ),
    SegmentField("frequency", _("number of purchases"), "number", "customer_profiles", "frequency", VALUE),
    SegmentField("homes", _("number of homes"), "number", "customer_profiles", "homes", VALUE),
    SegmentField(
        "recency_days",
        _("days since the last activity"),
        "number",
        "customer_profiles",
        "recency_days",
        CONTACT,
    ),
    SegmentField(
        "purchase_recency_days",
        _("days since the last purchase"),
        "number",
        "customer_profiles",
        "purchase_recency_days",
        VALUE,
    ),
    SegmentField(
        "open_complaints", _("open complaints"), "number", "customer_profiles", "open_complaints", CARE
    ),
):
    register_field(field)

for behaviour in (
    Behaviour(
        "home",
        _("Has a home"),
        "unit_roles",
        filters=(
            SegmentField(
                "role",
                _("role"),
                "choice",
                "unit_roles",
                "role",
                choices=lambda: _known(UnitRole.Role.choices),
            ),
            SegmentField(
                "project", _("project"), "choice", "units", "project_id", choices=_projects, is_open=True
            ),
            SegmentField("layout", _("layout"), "choice", "units", "layout", choices=_layouts, is_open=True),
            SegmentField("floor_area", _("floor area, m²"), "number", "units", "floor_area"),
            SegmentField("handover", _("handover day"), "date", "units", "handover_date"),
        ),
        via_column="unit_id",
        valid_from="valid_from",
        valid_to="valid_to",
    ),
    Behaviour(
        "custom_field",
        _("Has a further field"),
        "custom_values",
        filters=(
            SegmentField("field", _("field"), "choice", "custom_values", "field", choices=_custom_fields),
            SegmentField(
                "value",
                _("value"),
                "choice",
                "custom_values",
                "value",
                choices=_custom_choices,
                is_open=True,
            ),
        ),
    ),
    Behaviour(
        "contact",
        _("Was in contact"),
        "contacts",
        "occurred_at",
        (
            SegmentField("channel", _("channel"), "choice", "contacts", "channel", choices=_channels),
            SegmentField(
                "direction",
                _("direction"),
                "choice",
                "contacts",
                "direction",
                choices=lambda: _known(Interaction.Direction.choices),
            ),
        ),
    ),
    Behaviour(
        "purchase",
        _("Bought"),
        "purchases",
        "occurred_at",
        (SegmentField("amount", _("amount"), "money", "purchases", "amount"),),
        "amount",
    ),
    Behaviour(
        "payment",
        _("Paid"),
        "payments",
        "occurred_at",
        (SegmentField("amount", _("amount"), "money", "payments", "amount"),),
        "amount",
    ),
    Behaviour(
        "case",
        _("Opened a case"),
        "cases",
        "opened_at",
        (
            SegmentField(
                "kind", _("kind"), "choice", "cases", "kind", choices=lambda: _known(Case.Kind.choices)
            ),
            SegmentField(
                "grade", _("grade"), "choice", "cases", "grade", choices=lambda: _known(Case.Grade.choices)
            ),
            SegmentField("topic", _("topic"), "choice", "cases", "topic", choices=_topics, is_open=True),
            SegmentField("closed_at", _("closed"), "date", "cases", "closed_at"),
        ),
    ),
    Behaviour(
        "event",
        _("Any act on the timeline"),
        "events",
        "occurred_at",
        (
            SegmentField("type", _("act"), "choice", "events", "type", choices=_event_types, is_open=True),
            SegmentField(
                "channel", _("channel"), "choice", "events", "channel", choices=_channels, is_open=True
            ),
            SegmentField("amount", _("amount"), "money", "events", "amount"),
        ),
        "amount",
    ),
):
    register_behaviour(behaviour)

export_sources.register(SEGMENT.key, SEGMENT)
register_place(
    Place(_("Segments"), "users-group", "segments:segments", VIEW_SEGMENT, order=10, section=Section.ACTION)
)
register_place(
    Place(
        _("Segment"),
        "users-group",
        "segments:new",
        CHANGE_SEGMENT,
        order=10,
        section=Section.ACTION,
        is_creation=True,
        is_in_rail=False,
    )
)

rows_follow(SegmentMember, "customer")

for derived in (SegmentMember, SegmentCount):
    leave_unwatched(
        derived, because="Computed from the record by the rule of the segment, whose changes are noted."
    )
