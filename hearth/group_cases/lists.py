"""The list of group complaints, and the way to one from the list of cases."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from hearth.cases.lists import CASES, GROUP_COLOURS
from hearth.cases.models import Case
from hearth.cases.permissions import CHANGE_CASE, VIEW_CASE
from hearth.core.actor import Actor
from hearth.group_cases.models import GroupCase, PreventiveCheck
from hearth.lib.chinese import query_tokens
from hearth.lists import cells
from hearth.lists.bulk import Opening, register_opening
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
from hearth.lists.filters import CHOICE, DAY, FLAG, INSTANT, NUMBER, PLACE, TEXT, Filter

STATES, LEVELS, KINDS = GroupCase.State.choices, Case.GroupLevel.choices, Case.Kind.choices
STATE_COLOURS = {"open": "blue", "closed": "green"}
MOST_CHOSEN = 100


def _titles(batch: Batch[GroupCase]) -> Sequence[Heading]:
    return [Heading(row.title, f"#{row.number}", "users-group") for row in batch.rows]


def meant_by(text: str) -> Q:
    """Return the condition that a group complaint is meant: by number, words, or its project; no query."""
    number = text.strip().lstrip("#")
    if number.isascii() and number.isdigit() and len(number) < 10:
        return Q(number=int(number))
    words = query_tokens(text, "text") or ["\N{NO-BREAK SPACE}"]
    return Q(text_tokens__matches=words) | Q(project__name__icontains=text.strip())


GROUP_CASES = register_list(
    ListDefinition(
        key="group_cases",
        label=_("Group complaints"),
        icon="users-group",
        permission=VIEW_CASE,
        url_name="group_cases:groups",
        record_url_name="group_cases:group",
        rows=GroupCase.objects.visible_to,
        whole=lambda: GroupCase.objects.select_related("project", "org_unit", "cause"),
        search=meant_by,
        search_hint=_("Words, project, or #number"),
        columns=(
            Column("title", _("Title"), _titles, cells.HEADING),
            Column("level", _("Level"), badge_of("level", LEVELS, GROUP_COLOURS), cells.BADGE),
            Column(
                "households",
                _("Households"),
                value_of("households"),
                cells.NUMBER,
                order="households",
            ),
            Column("project", _("Project"), name_of("project")),
            Column("place", _("Place"), name_of("org_unit")),
            Column("topic", _("Topic"), value_of("topic")),
            Column("state", _("State"), badge_of("state", STATES, STATE_COLOURS), cells.BADGE),
            Column("opened", _("Opened"), value_of("opened_at"), cells.AGO, order="opened"),
            Column("kind", _("Kind"), word_of("kind", KINDS), is_usual=False),
            Column("closed", _("Closed"), value_of("closed_at"), cells.AGO, is_usual=False),
            Column("number", _("Number"), value_of("number"), is_usual=False),
        ),
        filters=(
            Filter("state", _("State"), CHOICE, "state", STATES, is_grouping=True),
            Filter("level", _("Level"), CHOICE, "level", LEVELS, is_grouping=True),
            Filter("households", _("Households"), NUMBER, "households"),
            Filter("project", _("Project"), TEXT, "project__name"),
            Filter("topic", _("Topic"), TEXT, "topic"),
            Filter("place", _("Place"), PLACE, "org_unit"),
            Filter("opened", _("Opened"), INSTANT, "opened_at"),
            Filter("closed", _("Closed"), INSTANT, "closed_at"),
        ),
        orders=(
            Order("opened", _("Opened"), "-opened_at", "opened_at"),
            Order("households", _("Households"), "-households", "households"),
        ),
        texts=lambda row: [(_("What they ask for"), row.demand), (_("How it ended"), row.outcome)],
        quick=("state", "level", "project"),
        presets=(
            Preset("open", pgettext_lazy("group complaints", "Open"), {"state": "open"}),
            Preset("grave", _("Major and crisis"), {"level": "major,crisis"}),
        ),
        emptiness=Emptiness(
            title=_("No group complaint yet"),
            text=_("When several households complain of the same thing, their cases become one matter here."),
            action_label=_("Open a group complaint"),
            action_url_name="group_cases:new",
            none_fits=_("Fewer words or wider filters find more."),
        ),
    )
)


def _projects(batch: Batch[PreventiveCheck]) -> Sequence[Heading]:
    return [Heading(row.project.name, row.what[:80], "shield-check") for row in batch.rows]


def finding_badge(row: PreventiveCheck) -> Badge:
    """Say how a check stands: red where it is so as well, or overdue."""
    if row.done_at is None:
        is_late = row.due_date < localdate()
        return Badge(
            gettext("overdue") if is_late else gettext("to be checked"), "red" if is_late else "blue"
        )
    return (
        Badge(gettext("it is so here as well"), "red")
        if row.is_found
        else Badge(gettext("not so here"), "green")
    )


def _findings(batch: Batch[PreventiveCheck]) -> Sequence[Badge]:
    return [finding_badge(row) for row in batch.rows]


CHECKS = register_list(
    ListDefinition(
        key="group_checks",
        label=_("Preventive checks"),
        icon="shield-check",
        permission=VIEW_CASE,
        url_name="group_cases:checks",
        record_url_name="group_cases:check",
        rows=PreventiveCheck.objects.visible_to,
        whole=lambda: PreventiveCheck.objects.select_related("project", "org_unit"),
        search=lambda text: Q(project__name__icontains=text.strip()) | Q(what__icontains=text.strip()),
        search_hint=_("Project, or words"),
        columns=(
            Column("project", _("Project"), _projects, cells.HEADING),
            Column("finding", pgettext_lazy("preventive check", "Finding"), _findings, cells.BADGE),
            Column("due", _("Due"), value_of("due_date"), cells.DAY),
            Column("place", _("Place"), name_of("org_unit")),
            Column("done", pgettext_lazy("preventive check", "Done"), value_of("done_at"), cells.AGO),
        ),
        filters=(
            Filter("found", _("It is so here as well"), FLAG, "is_found"),
            Filter("due", _("Due"), DAY, "due_date"),
            Filter("done", pgettext_lazy("preventive check", "Done"), INSTANT, "done_at"),
            Filter("place", _("Place"), PLACE, "org_unit"),
        ),
        orders=(Order("due", _("Due"), "due_date"),),
        quick=("found", "due", "place"),
        emptiness=Emptiness(
            title=_("No preventive check"),
            text=_("When a group complaint is reviewed, other projects are asked here to look for the same."),
            action_label=_("Group complaints"),
            action_url_name="group_cases:groups",
            none_fits=_("Fewer words or wider filters find more."),
        ),
    )
)


def bring_together(ids: Sequence[UUID], actor: Actor, now: datetime) -> str:
    """Return the page on which chosen cases become one group complaint."""
    rows = Case.objects.visible_with(actor, CHANGE_CASE).filter(pk__in=ids).order_by("number")
    numbers = rows.values_list("number", flat=True)
    return f"{reverse('group_cases:new')}?numbers={'+'.join(map(str, numbers))}"


register_opening(
    CASES.key,
    Opening("group", _("Make a group complaint"), "users-group", CHANGE_CASE, MOST_CHOSEN, bring_together),
)
