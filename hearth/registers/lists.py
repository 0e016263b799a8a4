"""The lists of incidents and of the persons they touched."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from hearth.channels.models import Message
from hearth.core.permissions import SIGNED_IN
from hearth.customers.models import Customer
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
from hearth.lists.filters import CHOICE, FLAG, INSTANT, NUMBER, PERSON, PLACE, Filter
from hearth.registers.models import AffectedPerson, Incident
from hearth.registers.permissions import VIEW_REGISTER
from hearth.registers.services.clocks import running_clocks

STATES, NOTICES = Incident.State.choices, Incident.Notice.choices
STATE_COLOURS = {"reported": "red", "handled": "orange", "closed": "green"}
LETTER_COLOURS = {"draft": "blue", "submitted": "orange", "approved": "green"}
TOLD, MESSAGES = AffectedPerson.Told.choices, Message.State.choices
MESSAGE_COLOURS = {"sent": "green", "failed": "red", "refused": "red", "unconfirmed": "orange"}
HOUR = 3_600


def clock_badge(until: datetime, now: datetime) -> Badge:
    """Say in words how long a term still runs, or for how long it has run out."""
    hours = abs(int((until - now).total_seconds())) // HOUR
    if now >= until and not hours:
        return Badge(gettext("ran out within the last hour"), "red")
    if now >= until:
        words = ngettext("ran out %(number)s hour ago", "ran out %(number)s hours ago", hours)
        return Badge(words % {"number": hours}, "red")
    if not hours:
        return Badge(gettext("less than an hour left"), "red")
    words = ngettext("%(number)s hour left", "%(number)s hours left", hours)
    return Badge(words % {"number": hours}, "orange" if hours < 4 else "blue")


def _titles(batch: Batch[Incident]) -> Sequence[Heading]:
    return [Heading(f"#{row.number} {row.title}", icon="alert-triangle") for row in batch.rows]


def _grades(batch: Batch[Incident]) -> Sequence[Badge | None]:
    return [Badge(gettext("major"), "red") if row.is_major else None for row in batch.rows]


def _clocks(batch: Batch[Incident]) -> Sequence[Badge | None]:
    now = timezone.now()
    ends = [min((until for _name, until in running_clocks(row)), default=None) for row in batch.rows]
    return [clock_badge(until, now) if until else None for until in ends]


def _search(text: str) -> Q:
    number = text.removeprefix("#")
    if number.isdecimal() and len(number) < 18:
        return Q(number=int(number))
    return Q(title__icontains=text)


INCIDENTS = register_list(
    ListDefinition(
        key="incidents",
        label=_("Incidents with personal data"),
        icon="alert-triangle",
        permission=SIGNED_IN,
        url_name="registers:incidents",
        record_url_name="registers:incident",
        rows=Incident.objects.visible_to,
        whole=lambda: Incident.objects.select_related("org_unit", "reported_by", "handler"),
        search=_search,
        search_hint=_("Number or words"),
        columns=(
            Column("incident", pgettext_lazy("incident", "Incident"), _titles, cells.HEADING),
            Column("state", _("State"), badge_of("state", STATES, STATE_COLOURS), cells.BADGE),
            Column("major", pgettext_lazy("incident", "Grade"), _grades, cells.BADGE),
            Column("clock", pgettext_lazy("incident", "Next term"), _clocks, cells.BADGE),
            Column("persons", pgettext_lazy("incident", "Persons"), value_of("persons"), cells.NUMBER),
            Column("found", pgettext_lazy("incident", "Noticed"), value_of("found_at"), cells.AGO),
            Column("notice", _("Notice to persons"), word_of("notice", NOTICES), is_usual=False),
            Column("reporter", _("Reported by"), name_of("reported_by")),
            Column("handler", _("In charge"), name_of("handler")),
            Column("place", _("Place"), name_of("org_unit"), is_usual=False),
            Column("closed", _("Closed"), value_of("closed_at"), cells.AGO, is_usual=False),
        ),
        filters=(
            Filter("state", _("State"), CHOICE, "state", STATES, is_grouping=True),
            Filter("major", pgettext_lazy("incident", "major"), FLAG, "is_major"),
            Filter("handler", _("In charge"), PERSON, "handler"),
            Filter("place", _("Place"), PLACE, "org_unit"),
            Filter("found", pgettext_lazy("incident", "Noticed"), INSTANT, "found_at"),
        ),
        orders=(Order("newest", _("Newest"), "-id"),),
        quick=("state", "major", "handler"),
        presets=(Preset("open", pgettext_lazy("incidents", "Open"), {"state": "reported,handled"}),),
        emptiness=Emptiness(
            title=_("No incident yet"),
            text=_(
                "Whoever notices that personal data were seen, lost or taken reports it here. "
                "You see what you reported; those who handle incidents see all."
            ),
            action_label=_("Report an incident"),
            action_url_name="registers:new_incident",
            none_fits=_("Fewer words or wider filters find more."),
        ),
    )
)


def names_of_affected(batch: Batch[AffectedPerson]) -> Sequence[Heading]:
    """Name the customers that the reader may see, the others by number alone; one query."""
    seen = Customer.objects.visible_to(batch.actor).filter(pk__in=[row.customer_id for row in batch.rows])
    ids = set(seen.values_list("pk", flat=True))
    return [
        Heading(row.customer.name if row.customer_id in ids else f"#{row.customer.number}", icon="user")
        for row in batch.rows
    ]


def letters_of_affected(batch: Batch[AffectedPerson]) -> Sequence[Badge]:
    """Say how the letter to each came along."""
    return [
        Badge(row.message.get_state_display(), MESSAGE_COLOURS.get(row.message.state, "blue"))
        if row.message
        else Badge(
            row.get_told_display(), "red" if row.told == AffectedPerson.Told.NO_CHANNEL else "secondary"
        )
        for row in batch.rows
    ]


AFFECTED = register_list(
    ListDefinition(
        key="affected",
        label=_("Persons an incident touched"),
        icon="users",
        permission=VIEW_REGISTER,
        url_name="registers:affected",
        record_url_name="registers:affected_person",
        rows=AffectedPerson.objects.visible_to,
        whole=lambda: AffectedPerson.objects.select_related("customer", "incident", "message"),
        columns=(
            Column("person", _("Customer"), names_of_affected, cells.HEADING),
            Column("number", _("Number of the customer"), value_of("customer.number"), cells.NUMBER),
            Column(
                "incident", pgettext_lazy("incident", "Incident"), value_of("incident.number"), cells.NUMBER
            ),
            Column("seen", _("Times seen"), value_of("seen"), cells.NUMBER),
            Column("taken", _("Times in a file"), value_of("taken"), cells.NUMBER),
            Column("first", _("First"), value_of("first_at"), cells.AGO),
            Column("last", pgettext_lazy("affected person", "Last"), value_of("last_at"), cells.AGO),
            Column("letter", _("Letter"), letters_of_affected, cells.BADGE),
        ),
        filters=(
            Filter("incident", pgettext_lazy("incident", "Incident"), NUMBER, "incident__number"),
            Filter("seen", _("Times seen"), NUMBER, "seen"),
            Filter("taken", _("Times in a file"), NUMBER, "taken"),
            Filter("last", pgettext_lazy("affected person", "Last"), INSTANT, "last_at"),
            Filter("told", _("Letter"), CHOICE, "told", [each for each in TOLD if each[0]]),
            Filter("message", _("Delivery of the letter"), CHOICE, "message__state", MESSAGES),
        ),
        orders=(Order("newest", _("Newest"), "-id"),),
        quick=("incident", "taken", "told", "message"),
        emptiness=Emptiness(
            title=_("Nobody yet"),
            text=_("A search of the access log on the page of an incident fills this list."),
            action_label=_("Incidents with personal data"),
            action_url_name="registers:incidents",
            none_fits=_("Fewer words or wider filters find more."),
        ),
    )
)
