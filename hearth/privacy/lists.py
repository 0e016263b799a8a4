"""The list of what persons asked for by right."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from hearth.customers.permissions import VIEW_CUSTOMER
from hearth.lists import cells
from hearth.lists.cells import Badge, Heading
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
from hearth.lists.filters import CHOICE, DAY, INSTANT, PERSON, PLACE, Filter
from hearth.privacy.models import PersonRequest
from hearth.privacy.permissions import TAKE_REQUEST

KINDS, STATES = PersonRequest.Kind.choices, PersonRequest.State.choices
CAME_BY = PersonRequest.CameBy.choices
OPEN = ",".join(state for state in PersonRequest.State.values if state not in ("answered", "refused"))
STATE_COLOURS = {
    "received": "blue",
    "identified": "azure",
    "in_work": "cyan",
    "proposed": "orange",
    "erasing": "purple",
    "answered": "green",
    "refused": "secondary",
}
LATENESS_COLOURS = {"due": "orange", "late": "red"}


def _titles(batch: Batch[PersonRequest]) -> Sequence[Heading]:
    return [Heading(f"#{row.number} {row.get_kind_display()}", icon="inbox") for row in batch.rows]


def _customers(batch: Batch[PersonRequest]) -> Sequence[str]:
    """Name the customers where the reader may see them; no query."""
    scope = batch.actor.scope(VIEW_CUSTOMER)
    return [str(row.customer) if scope.covers(row.org_unit_id) else "" for row in batch.rows]


def lateness_badge(row: PersonRequest, today: date) -> Badge | None:
    """Say how late a request is; nothing while its day has not passed."""
    lateness = row.lateness(today)
    if not lateness:
        return None
    words = gettext("past the last day") if lateness == "late" else gettext("overdue")
    return Badge(words, LATENESS_COLOURS[lateness])


def _lateness(batch: Batch[PersonRequest]) -> Sequence[Badge | None]:
    today = localdate()
    return [lateness_badge(row, today) for row in batch.rows]


def _search(text: str) -> Q:
    number = text.removeprefix("#")
    return (
        Q(number=int(number))
        if number.isdecimal() and len(number) < 18
        else Q(customer__name__icontains=text)
    )


REQUESTS = register_list(
    ListDefinition(
        key="requests",
        label=_("Requests of persons"),
        icon="inbox",
        permission=TAKE_REQUEST,
        url_name="privacy:requests",
        record_url_name="privacy:request",
        rows=PersonRequest.objects.visible_to,
        whole=lambda: PersonRequest.objects.select_related("customer", "handler", "org_unit").defer(
            "wish_sealed", "answer_sealed"
        ),
        search=_search,
        search_hint=_("Number or name"),
        columns=(
            Column("request", pgettext_lazy("request", "What is asked for"), _titles, cells.HEADING),
            Column("customer", _("Customer"), _customers, permission=VIEW_CUSTOMER),
            Column("state", _("State"), badge_of("state", STATES, STATE_COLOURS), cells.BADGE),
            Column("due", _("Due"), value_of("due_date"), cells.DAY, order="due"),
            Column("lateness", pgettext_lazy("request", "Term"), _lateness, cells.BADGE),
            Column("limit", _("Last day"), value_of("limit_date"), cells.DAY, is_usual=False),
            Column("handler", _("In charge"), name_of("handler")),
            Column("came_by", _("Came by"), word_of("came_by", CAME_BY), is_usual=False),
            Column("received", pgettext_lazy("request", "Received"), value_of("received_at"), cells.AGO),
            Column("place", _("Place"), name_of("org_unit"), is_usual=False),
            Column("closed", _("Closed"), value_of("closed_at"), cells.AGO, is_usual=False),
        ),
        filters=(
            Filter("state", _("State"), CHOICE, "state", STATES, is_grouping=True),
            Filter(
                "kind", pgettext_lazy("request", "What is asked for"), CHOICE, "kind", KINDS, is_grouping=True
            ),
            Filter("due", _("Due"), DAY, "due_date"),
            Filter("handler", _("In charge"), PERSON, "handler"),
            Filter("came_by", _("Came by"), CHOICE, "came_by", CAME_BY),
            Filter("place", _("Place"), PLACE, "org_unit"),
            Filter("received", pgettext_lazy("request", "Received"), INSTANT, "received_at"),
        ),
        orders=(
            Order("due", _("Due"), "due_date", "due_date"),
            Order("received", _("Newest"), "-id"),
        ),
        calendars=("due",),
        quick=("state", "kind", "due", "handler"),
        presets=(
            Preset("open", pgettext_lazy("requests", "Open"), {"state": OPEN}),
            Preset("late", _("Overdue"), {"state": OPEN, "due": "older:1"}),
            Preset("second", _("Waits for a second person"), {"state": "proposed"}),
        ),
        emptiness=Emptiness(
            title=_("No requests yet"),
            text=_(
                "What customers ask for by right stands here: access, a copy, correction, erasure, restriction."
            ),
            action_label=_("Note a request"),
            action_url_name="privacy:new_request",
            none_fits=_("Fewer words or wider filters find more."),
        ),
    )
)
