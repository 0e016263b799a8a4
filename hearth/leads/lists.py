"""The list of leads, and what is done to many of them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from hearth.accounts.models import User
from hearth.core.actor import Actor
from hearth.core.templatetags.ui import in_language
from hearth.customers.models import Customer
from hearth.customers.permissions import VIEW_CUSTOMER
from hearth.customers.selectors import matching
from hearth.leads.models import Lead, Scheme, Stage
from hearth.leads.permissions import ASSIGN_LEAD, CHANGE_LEAD, VIEW_LEAD
from hearth.leads.services import assign_lead, move_lead
from hearth.lists import cells
from hearth.lists.assigning import assigning
from hearth.lists.bulk import register_action
from hearth.lists.cells import Badge, Heading
from hearth.lists.columns import badge_of, name_of, value_of, word_of
from hearth.lists.definitions import (
    Aging,
    Batch,
    Board,
    Column,
    Emptiness,
    ListDefinition,
    Order,
    Preset,
    register_list,
)
from hearth.lists.filters import CHOICE, DAY, INSTANT, PERSON, PLACE, TEXT, Filter
from hearth.lists.filters.base import Words

STATES, SOURCES = Lead.State.choices, Lead.Source.choices
STAGES = Stage.choices
STATE_COLOURS = {"open": "blue", "pooled": "cyan", "won": "green", "lost": "secondary"}
LETTER_COLOURS = {"A": "red", "B": "orange", "C": "yellow", "D": "secondary"}
LETTERS = [(letter, letter) for letter in ("A", "B+", "B", "B-", "C+", "C", "C-", "D")]
STAGE_COLOURS = {
    "enquiry": "secondary",
    "visit": "cyan",
    "intention": "blue",
    "reservation": "purple",
    "contract": "green",
    "lost": "secondary",
}
RED_AFTER = 2


def _names(batch: Batch[Lead]) -> Sequence[Heading]:
    """Name the customers where the reader may see them; no query."""
    scope = batch.actor.scope(VIEW_CUSTOMER)
    return [
        Heading(row.customer.name if scope.covers(row.org_unit_id) else "—", icon="user-plus")
        for row in batch.rows
    ]


def grade_badge(lead: Lead) -> Badge | None:
    """Show the letter; what it means, and by which scheme, stands where the pointer rests."""
    if lead.grade is None:
        return None
    hint = f"{lead.grade.get_scheme_display()}"
    return Badge(lead.grade.letter, LETTER_COLOURS.get(lead.grade.letter[:1], "secondary"), hint)


def age_badge(lead: Lead, now: datetime) -> Badge | None:
    """Say for how many days nobody spoke with the customer: amber after the days of the grade, red after twice."""
    if not lead.is_live:
        return None
    days, limit = lead.untouched_days(now), lead.grade.follow_up_days if lead.grade else None
    colour = "secondary"
    if limit is not None and days > limit:
        colour = "red" if days > RED_AFTER * limit else "orange"
    return Badge(ngettext("%(n)s day", "%(n)s days", days) % {"n": days}, colour)


def in_stage_badge(lead: Lead, now: datetime) -> Badge | None:
    """Say of a lead that may still be won for how many days it has stood where it stands."""
    if not lead.is_live:
        return None
    days = lead.days_in_stage(now)
    return Badge(ngettext("%(n)s day", "%(n)s days", days) % {"n": days}, "secondary")


def step_badge(lead: Lead) -> Badge | None:
    """Say of an open lead when its next step is due: red when it is late, amber on the day."""
    if not lead.is_open or lead.next_step_date is None:
        return None
    today = timezone.localdate()
    colours = {True: "red", False: "orange" if lead.next_step_date == today else "secondary"}
    return Badge(f"{lead.next_step_date:%Y-%m-%d}", colours[lead.is_overdue(today)])


def _grades(batch: Batch[Lead]) -> Sequence[Badge | None]:
    return [grade_badge(row) for row in batch.rows]


def _ages(batch: Batch[Lead]) -> Sequence[Badge | None]:
    now = timezone.now()
    return [age_badge(row, now) for row in batch.rows]


def _days_in_stage(batch: Batch[Lead]) -> Sequence[Badge | None]:
    now = timezone.now()
    return [in_stage_badge(row, now) for row in batch.rows]


def _reasons(batch: Batch[Lead]) -> Sequence[str]:
    return [in_language(row.lost_because) if row.lost_because else row.lost_reason for row in batch.rows]


def _stands_since(lead: Lead) -> date | None:
    return timezone.localdate(lead.stage_at) if lead.is_live else None


# Proposed: a lead that stands for two weeks is looked at, and after a month somebody has forgotten it.
STANDING = Aging(_stands_since, amber=14, red=30)


def _move_to_stage(lead: Lead, stage: str, actor: Actor, now: datetime) -> object:
    return move_lead(lead, stage=stage, actor=actor, now=now)


def _steps(batch: Batch[Lead]) -> Sequence[Badge | None]:
    return [step_badge(row) for row in batch.rows]


def meant_by(text: str) -> Q:
    """Return the condition that a lead is meant: by its customer, or by where it came from."""
    return Q(customer__in=Customer.objects.filter(matching(text)).values("pk")) | Q(
        source_detail__icontains=text
    )


LEADS = register_list(
    ListDefinition(
        key="leads",
        label=pgettext_lazy("leads", "Leads"),
        icon="user-plus",
        permission=VIEW_LEAD,
        url_name="leads:leads",
        record_url_name="leads:lead",
        rows=Lead.objects.visible_to,
        whole=lambda: Lead.objects.select_related(
            "customer", "project", "grade", "consultant", "org_unit", "lost_because"
        ),
        search=meant_by,
        search_hint=pgettext_lazy("leads", "Customer, or source"),
        columns=(
            Column("customer", _("Customer"), _names, cells.HEADING),
            Column("grade", pgettext_lazy("lead", "Grade"), _grades, cells.BADGE),
            Column("due", pgettext_lazy("lead", "Next step due"), _steps, cells.BADGE),
            Column("next", pgettext_lazy("lead", "Next step"), value_of("next_step")),
            Column("untouched", pgettext_lazy("lead", "Without contact"), _ages, cells.BADGE),
            Column("consultant", pgettext_lazy("lead", "Consultant"), name_of("consultant")),
            Column("project", _("Project"), name_of("project")),
            Column(
                "stage", pgettext_lazy("lead", "Stage"), badge_of("stage", STAGES, STAGE_COLOURS), cells.BADGE
            ),
            Column(
                "in_stage",
                pgettext_lazy("lead", "In the stage for"),
                _days_in_stage,
                cells.BADGE,
                is_usual=False,
            ),
            Column("state", _("State"), badge_of("state", STATES, STATE_COLOURS), cells.BADGE),
            Column("source", pgettext_lazy("lead", "Source"), word_of("source", SOURCES)),
            Column(
                "detail",
                pgettext_lazy("lead", "Source in detail"),
                value_of("source_detail"),
                is_usual=False,
            ),
            Column("contact", _("Last contact"), value_of("last_contact_at"), cells.AGO, is_usual=False),
            Column("came", pgettext_lazy("lead", "Came in"), value_of("created_at"), cells.AGO, order="came"),
            Column("lost", pgettext_lazy("lead", "Why it was lost"), _reasons, is_usual=False),
            Column(
                "ask_again",
                pgettext_lazy("lead", "Ask again"),
                value_of("win_back_date"),
                cells.DAY,
                is_usual=False,
            ),
            Column("place", _("Place"), name_of("org_unit"), is_usual=False),
        ),
        filters=(
            Filter("state", _("State"), CHOICE, "state", STATES, is_grouping=True),
            Filter("stage", pgettext_lazy("lead", "Stage"), CHOICE, "stage", STAGES, is_grouping=True),
            Filter("ask_again", pgettext_lazy("lead", "Ask again"), DAY, "win_back_date"),
            Filter("grade", pgettext_lazy("lead", "Grade"), CHOICE, "grade__letter", LETTERS),
            Filter("scheme", pgettext_lazy("lead", "Graded"), CHOICE, "grade__scheme", Scheme.choices),
            Filter("due", pgettext_lazy("lead", "Next step due"), DAY, "next_step_date"),
            Filter("consultant", pgettext_lazy("lead", "Consultant"), PERSON, "consultant"),
            Filter("project", _("Project"), TEXT, "project__name"),
            Filter("source", pgettext_lazy("lead", "Source"), CHOICE, "source", SOURCES, is_grouping=True),
            Filter("contact", _("Last contact"), INSTANT, "last_contact_at"),
            Filter("came", pgettext_lazy("lead", "Came in"), INSTANT, "created_at"),
            Filter("place", _("Place"), PLACE, "org_unit"),
        ),
        orders=(Order("came", pgettext_lazy("lead", "Came in"), "-created_at"),),
        boards=(
            Board(
                "stage",
                ("grade", "due", "next", "in_stage", "consultant"),
                _move_to_stage,
                CHANGE_LEAD,
                aging=STANDING,
            ),
            Board("state", ("grade", "due", "next", "consultant")),
        ),
        calendars=("due",),
        texts=lambda row: [(pgettext_lazy("lead", "Why it was lost"), row.lost_reason)],
        quick=("state", "grade", "due", "consultant"),
        presets=(
            Preset("mine", pgettext_lazy("leads", "My leads"), {"state": "open", "consultant": "me"}),
            Preset(
                "due",
                pgettext_lazy("leads", "To follow up by today"),
                {"state": "open", "due": "older:0", "consultant": "me"},
            ),
            Preset("pool", pgettext_lazy("leads", "Public pool"), {"state": "pooled"}),
            Preset(
                "free",
                pgettext_lazy("leads", "Without a consultant"),
                {"state": "open", "consultant": "none"},
            ),
        ),
        emptiness=Emptiness(
            title=pgettext_lazy("leads", "No leads yet"),
            text=pgettext_lazy(
                "leads", "Whoever called, came by or left a number stands here, with what comes next."
            ),
            action_label=pgettext_lazy("leads", "Record a visit"),
            action_url_name="leads:visit",
            has_samples=True,
            none_fits=_("Fewer words or wider filters find more."),
        ),
    )
)


def _closed(batch: Batch[Lead]) -> Mapping[UUID, Words]:
    return {row.pk: CLOSED for row in batch.rows if not row.is_live}


def _place_of_each(batch: Batch[Lead]) -> Mapping[UUID, Collection[int]]:
    return {row.pk: [row.org_unit_id] for row in batch.rows}


def _assign(lead: Lead, person: User | None, actor: Actor, now: datetime) -> object:
    return assign_lead(lead, consultant=person, actor=actor, now=now)


CLOSED = _("closed")
register_action(
    LEADS.key,
    assigning(
        pgettext_lazy("leads", "Give to a colleague"),
        ASSIGN_LEAD,
        "consultant_id",
        _assign,
        _closed,
        places=_place_of_each,
    ),
)
