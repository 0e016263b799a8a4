"""The list of promises."""

from collections.abc import Sequence

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.lists import cells
from hearth.lists.cells import Heading
from hearth.lists.columns import badge_of, name_of, value_of, word_of
from hearth.lists.definitions import (
    Batch,
    Board,
    Column,
    Emptiness,
    ListDefinition,
    Order,
    Preset,
    register_list,
)
from hearth.lists.filters import CHOICE, DAY, PLACE, TEXT, Filter, Reader, Test
from hearth.promises.models import Promise, PromiseOutcome
from hearth.promises.permissions import VIEW_PROMISE

SOURCES, AUDIENCES, STATES = Promise.Source.choices, Promise.Audience.choices, Promise.State.choices
STATE_COLOURS = {"open": "blue", "overdue": "orange", "kept": "green", "broken": "red"}
WAITING = (("yes", pgettext_lazy("sales promise", "waits for a second person")),)


def _titles(batch: Batch[Promise]) -> Sequence[Heading]:
    return [Heading(row.title, row.project.name, icon="heart-handshake") for row in batch.rows]


def _days_late(batch: Batch[Promise]) -> Sequence[int | None]:
    return [row.days_late or None for row in batch.rows]


def _waits(test: Test, reader: Reader) -> Q:
    """Keep promises whose outcome waits for a second person."""
    found = Q(pk__in=PromiseOutcome.objects.waiting().values("promise"))
    return ~found if test.operator == "not" else found


PROMISES = register_list(
    ListDefinition(
        key="promises",
        label=_("Promises"),
        icon="heart-handshake",
        permission=VIEW_PROMISE,
        url_name="promises:promises",
        record_url_name="promises:promise",
        rows=Promise.objects.visible_to,
        whole=lambda: Promise.objects.select_related("project", "org_unit", "department"),
        search=lambda words: (
            Q(title__icontains=words) | Q(wording__icontains=words) | Q(project__name__icontains=words)
        ),
        search_hint=_("Words of the promise, or project"),
        columns=(
            Column("title", pgettext_lazy("sales promise", "Promise"), _titles, cells.HEADING),
            Column("state", _("State"), badge_of("state", STATES, STATE_COLOURS), cells.BADGE),
            Column("due", pgettext_lazy("sales promise", "Due"), value_of("due_date"), cells.DAY),
            Column("late", pgettext_lazy("sales promise", "Days late"), _days_late, cells.NUMBER),
            Column("department", pgettext_lazy("sales promise", "Kept by"), name_of("department")),
            Column("source", pgettext_lazy("sales promise", "Source"), word_of("source", SOURCES)),
            Column(
                "made",
                pgettext_lazy("sales promise", "Made on"),
                value_of("made_date"),
                cells.DAY,
                order="made",
            ),
            Column(
                "audience",
                pgettext_lazy("sales promise", "Made to"),
                word_of("audience", AUDIENCES),
                is_usual=False,
            ),
            Column(
                "decided",
                pgettext_lazy("sales promise", "Decided"),
                value_of("decided_date"),
                cells.DAY,
                is_usual=False,
            ),
            Column("place", _("Place"), name_of("org_unit"), is_usual=False),
        ),
        filters=(
            Filter("state", _("State"), CHOICE, "state", STATES, is_grouping=True),
            Filter(
                "source",
                pgettext_lazy("sales promise", "Source"),
                CHOICE,
                "source",
                SOURCES,
                is_grouping=True,
            ),
            Filter(
                "audience",
                pgettext_lazy("sales promise", "Made to"),
                CHOICE,
                "audience",
                AUDIENCES,
                is_grouping=True,
            ),
            Filter("project", _("Project"), TEXT, "project__name"),
            Filter("due", pgettext_lazy("sales promise", "Due"), DAY, "due_date"),
            Filter("made", pgettext_lazy("sales promise", "Made on"), DAY, "made_date"),
            Filter("department", pgettext_lazy("sales promise", "Kept by"), TEXT, "department__name"),
            Filter(
                "outcome",
                pgettext_lazy("sales promise", "What became of it"),
                CHOICE,
                choices=WAITING,
                condition=_waits,
            ),
            Filter("place", _("Place"), PLACE, "org_unit"),
        ),
        orders=(
            Order("newest", _("Newest"), "-id"),
            Order("made", pgettext_lazy("sales promise", "Made on"), "-made_date", "made_date"),
        ),
        boards=(Board("state", ("due", "department", "source")),),
        calendars=("due",),
        texts=lambda row: [(pgettext_lazy("sales promise", "In the words of the source"), row.wording)],
        quick=("state", "source", "project", "due"),
        presets=(
            Preset("overdue", pgettext_lazy("sales promises", "Overdue"), {"state": "overdue"}),
            Preset(
                "month",
                pgettext_lazy("sales promises", "Due this month"),
                {"state": "open", "due": "period:month"},
            ),
            Preset("second", _("Waits for a second person"), {"outcome": "yes"}),
            Preset("broken", pgettext_lazy("sales promises", "Broken"), {"state": "broken"}),
        ),
        emptiness=Emptiness(
            title=_("No promise yet"),
            text=_(
                "What brochures, models, sales talk, advertisements and annexes promise is written down here, with who "
                "keeps it by when, and what became of it."
            ),
            action_label=_("Record a promise"),
            action_url_name="promises:new_promise",
            has_samples=True,
            none_fits=_("Fewer words or wider filters find more."),
        ),
    )
)
