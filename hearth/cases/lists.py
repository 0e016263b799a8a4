"""The list of cases."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Min, Q
from django.utils.timezone import localdate, now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.accounts.models import User
from hearth.cases.clock_selectors import most_urgent
from hearth.cases.fields import FIELDS, FIXED, settled_or_beyond_reach
from hearth.cases.models import Case, ServiceClock
from hearth.cases.permissions import CHANGE_CASE, VIEW_CASE
from hearth.cases.selectors import meant_by
from hearth.cases.services import AnswerMissing, CaseStaysAnswered, change_case, close_case
from hearth.cases.wording import Standing
from hearth.channels.models import Channel
from hearth.core.actor import Actor
from hearth.core.templatetags.ui import in_language
from hearth.custom_fields.list_fields import further_of
from hearth.customers.permissions import VIEW_CUSTOMER
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
from hearth.lists.filters import CHOICE, DAY, INSTANT, PERSON, PLACE, TEXT, Filter, Reader, Test
from hearth.tasks.models import Task

STATES, GRADES, KINDS = Case.State.choices, Case.Grade.choices, Case.Kind.choices
GROUPS = Case.GroupLevel.choices
GROUP_COLOURS = {"ordinary": "yellow", "major": "orange", "crisis": "red"}
STATE_COLOURS = {"open": "blue", "answered": "cyan", "closed": "green"}
GRADE_COLOURS = {"important": "yellow", "hot": "orange", "major": "red"}


def _titles(batch: Batch[Case]) -> Sequence[Heading]:
    return [Heading(row.title, f"#{row.number}", "message") for row in batch.rows]


def _customers(batch: Batch[Case]) -> Sequence[str]:
    """Name the customers where the reader may see them; no query."""
    scope = batch.actor.scope(VIEW_CUSTOMER)
    return [str(row.customer) if row.customer and scope.covers(row.org_unit_id) else "" for row in batch.rows]


def _next_steps(batch: Batch[Case]) -> Sequence[date | None]:
    """Return the day by which the next task about each case is due; one query."""
    tasks = Task.objects.visible_to(batch.actor).open().filter(about_kind="case", about_id__in=batch.ids)
    due: dict[UUID | None, date] = dict(tasks.values_list("about_id").annotate(due=Min("due_date")))
    return [due.get(row.pk) for row in batch.rows]


def _categories(batch: Batch[Case]) -> Sequence[str]:
    return [in_language(row.category) if row.category else "" for row in batch.rows]


def _expected(batch: Batch[Case]) -> Sequence[date | None]:
    told = [getattr(row, "account", None) for row in batch.rows]
    return [account.expected_date if account else None for account in told]


def _promises(batch: Batch[Case]) -> Sequence[Badge | None]:
    """Say how the most pressing promise about each case stands; one query."""
    urgent = batch.once(_most_urgent)
    return [_promise(urgent.get(row.pk)) for row in batch.rows]


def _due(batch: Batch[Case]) -> Sequence[datetime | None]:
    urgent = batch.once(_most_urgent)
    lines = [urgent.get(row.pk) for row in batch.rows]
    return [line.due_at if line else None for line in lines]


def _most_urgent(batch: Batch[Case]) -> Mapping[UUID, Standing]:
    return most_urgent(batch.rows, batch.actor, now=now())


def _promise(standing: Standing | None) -> Badge | None:
    if standing is None:
        return None
    return Badge(f"{standing.label} · {standing.state_label}", standing.colour, standing.hint)


PROMISES = (
    ("overdue", pgettext_lazy("promise", "overdue")),
    ("soon", pgettext_lazy("promise", "due soon")),
    ("waiting", pgettext_lazy("promise", "waiting for the customer")),
)


def _promised(test: Test, reader: Reader) -> Q:
    """Keep cases by how a promise stands that is not done yet; the database looks at its own clock."""
    ways = {
        "overdue": ServiceClock.objects.overdue,
        "soon": ServiceClock.objects.due_soon,
        "waiting": ServiceClock.objects.paused,
    }
    asked = [Q(pk__in=ways[value]().values("case")) for value in test.values]
    found = reduce(or_, asked)
    return ~found if test.operator == "not" else found


def _about(test: Test, reader: Reader) -> Q:
    """Keep cases by how the name of their category, or of its class, begins, in either language."""
    begun = test.values[0]
    asked = [
        Q(**{f"category__{of}name_{suffix}__istartswith": begun})
        for of in ("", "parent__")
        for suffix in ("zh", "en")
    ]
    return reduce(or_, asked)


def _open_since(case: Case) -> date | None:
    return None if case.state == Case.State.CLOSED else localdate(case.opened_at)


# Complaints are to be answered within three days; after a week somebody has forgotten one.
WAITING = Aging(_open_since, amber=3, red=7)


def _move_to_state(case: Case, state: str, actor: Actor, now: datetime) -> object:
    """Close a case; an answer needs its words, and is not taken back."""
    if state == case.state:
        return case
    if state == Case.State.CLOSED:
        return close_case(case, actor=actor, now=now)
    raise AnswerMissing("reply") if state == Case.State.ANSWERED else CaseStaysAnswered


def _move_to_grade(case: Case, grade: str, actor: Actor, now: datetime) -> object:
    return change_case(case, actor=actor, grade=grade, assignee=case.assignee, now=now)


CASES = register_list(
    ListDefinition(
        key="cases",
        further=further_of("case"),
        label=_("Cases"),
        icon="messages",
        permission=VIEW_CASE,
        url_name="cases:cases",
        record_url_name="cases:case",
        rows=Case.objects.visible_to,
        whole=lambda: Case.objects.select_related(
            "customer", "project", "assignee", "org_unit", "category", "account"
        ),
        search=meant_by,
        search_hint=_("Words of the text, or #number"),
        columns=(
            Column("title", _("Title"), _titles, cells.HEADING),
            Column("customer", _("Customer"), _customers, permission=VIEW_CUSTOMER),
            Column("kind", _("Kind"), word_of("kind", KINDS)),
            Column("grade", _("Grade"), badge_of("grade", GRADES, GRADE_COLOURS), cells.BADGE),
            Column("state", _("State"), badge_of("state", STATES, STATE_COLOURS), cells.BADGE),
            Column("promise", _("Promise"), _promises, cells.BADGE),
            Column("due", _("Due"), _due, cells.MINUTE, is_usual=False),
            Column("assignee", _("In charge"), name_of("assignee")),
            Column("opened", _("Opened"), value_of("opened_at"), cells.AGO, order="opened"),
            Column("next", _("Next step"), _next_steps, cells.DAY, is_usual=False),
            Column("answered", _("Answered"), value_of("answered_at"), cells.AGO, is_usual=False),
            Column("closed", _("Closed"), value_of("closed_at"), cells.AGO, is_usual=False),
            Column("project", _("Project"), name_of("project"), is_usual=False),
            Column("place", _("Place"), name_of("org_unit"), is_usual=False),
            Column("channel", _("Channel"), word_of("channel", Channel.choices), is_usual=False),
            Column("topic", _("Topic"), value_of("topic"), is_usual=False),
            Column("category", pgettext_lazy("case", "Category"), _categories, is_usual=False),
            Column("expected", _("Expected by"), _expected, cells.DAY, is_usual=False),
            Column("number", _("Number"), value_of("number"), order="number", is_usual=False),
            Column(
                "group_level",
                _("Group complaint"),
                badge_of("group_level", GROUPS, GROUP_COLOURS),
                cells.BADGE,
                is_usual=False,
            ),
            Column("households", _("Households"), value_of("households"), cells.NUMBER, is_usual=False),
            Column("key", _("External key"), value_of("external_key"), is_usual=False),
        ),
        filters=(
            Filter("state", _("State"), CHOICE, "state", STATES, is_grouping=True),
            Filter("kind", _("Kind"), CHOICE, "kind", KINDS, is_grouping=True),
            Filter("grade", _("Grade"), CHOICE, "grade", GRADES, is_grouping=True),
            Filter("group_level", _("Group complaint"), CHOICE, "group_level", GROUPS, is_grouping=True),
            Filter("promise", _("Promise"), CHOICE, choices=PROMISES, condition=_promised),
            Filter("assignee", _("In charge"), PERSON, "assignee"),
            Filter("place", _("Place"), PLACE, "org_unit"),
            Filter("channel", _("Channel"), CHOICE, "channel", Channel.choices, is_grouping=True),
            Filter("topic", _("Topic"), TEXT, "topic"),
            Filter("category", pgettext_lazy("case", "Category"), TEXT, condition=_about),
            Filter("expected", _("Expected by"), DAY, "account__expected_date"),
            Filter("opened", _("Opened"), INSTANT, "opened_at"),
            Filter("answered", _("Answered"), INSTANT, "answered_at"),
            Filter("closed", _("Closed"), INSTANT, "closed_at"),
        ),
        orders=(
            Order("opened", _("Opened"), "-opened_at", "opened_at"),
            Order("number", _("Number"), "-number", "number"),
        ),
        boards=(
            Board(
                "state",
                ("customer", "grade", "assignee", "opened", "next"),
                _move_to_state,
                CHANGE_CASE,
                aging=WAITING,
            ),
            Board(
                "grade",
                ("customer", "state", "assignee", "opened", "next"),
                _move_to_grade,
                CHANGE_CASE,
                aging=WAITING,
            ),
        ),
        calendars=("opened", "answered", "closed"),
        texts=lambda row: [(_("What happened"), row.body), (_("Answer"), row.reply)],
        fields=FIELDS,
        fixed=FIXED,
        quick=("state", "kind", "grade", "promise", "assignee"),
        presets=(
            Preset("mine", _("My open cases"), {"state": "not:closed", "assignee": "me"}),
            Preset("overdue", _("Overdue"), {"promise": "overdue"}),
            Preset("soon", _("Due soon"), {"promise": "soon"}),
            Preset("waiting", _("Waiting for an answer"), {"state": "open", "sort": "-opened"}),
            Preset(
                "serious",
                _("Serious complaints"),
                {"state": "not:closed", "kind": "complaint", "grade": "important,hot,major"},
            ),
        ),
        emptiness=Emptiness(
            title=_("No cases yet"),
            text=_("Every enquiry, repair, complaint and suggestion has its place here."),
            action_label=_("Open a case"),
            action_url_name="cases:new",
            has_samples=True,
            none_fits=_("Fewer words or wider filters find more."),
        ),
    )
)


def _assign(case: Case, person: User | None, actor: Actor, now: datetime) -> object:
    return change_case(case, actor=actor, grade=case.grade, assignee=person, now=now)


def place_of_each(batch: Batch[Case]) -> Mapping[UUID, Collection[int]]:
    return {row.pk: [row.org_unit_id] for row in batch.rows}


register_action(
    CASES.key,
    assigning(
        _("Assign to a colleague"),
        CHANGE_CASE,
        "assignee_id",
        _assign,
        settled_or_beyond_reach,
        places=place_of_each,
    ),
)
