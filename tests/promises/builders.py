"""Disclosures and promises for tests."""

from datetime import UTC, date, datetime

from django.core.files.uploadedfile import SimpleUploadedFile

from hearth.accounts.models import User
from hearth.core.permissions import SIGNED_IN
from hearth.customers.models import Customer
from hearth.organization.models import OrgUnit
from hearth.promises.models import Acknowledgement, Disclosure, Promise, PromiseOutcome
from hearth.promises.permissions import ACKNOWLEDGE, APPROVE_PROMISE, CHANGE_PROMISE, VIEW_PROMISE
from hearth.promises.services import (
    Acknowledged,
    Factor,
    NewPromise,
    Parts,
    Said,
    acknowledge_disclosure,
    add_factor,
    approve_disclosure,
    attach_drawing,
    begin_disclosure,
    confirm_outcome,
    publish_disclosure,
    record_promise,
    say_outcome,
    submit_disclosure,
    write_disclosure,
)
from hearth.properties.models import Project, Unit
from tests.exports.builders import actor_of
from tests.organization.builders import make_member
from tests.properties.builders import make_project

NOW = datetime(2026, 3, 18, 6, 30, tzinfo=UTC)
TODAY = date(2026, 3, 18)
PARTS = Parts("云栖里项目不利因素公示", "本项目红线内外情况如下。", "以上情况请知悉。", "云栖置业", TODAY)
SUBSTATION = Factor("off_site", "substation", "东侧有110千伏变电站，可能有电磁环境影响。", "东", 120)


def pdf(name: str = "总平面图.pdf") -> SimpleUploadedFile:
    """Return a file as a browser sends it."""
    return SimpleUploadedFile(name, b"%PDF-1.7 \xe5\xb9\xb3\xe9\x9d\xa2")


def make_writer(place: OrgUnit) -> User:
    """Write a user who writes disclosures and promises at a place."""
    return make_member(place, SIGNED_IN, "properties.view", VIEW_PROMISE, CHANGE_PROMISE)


def make_second(place: OrgUnit) -> User:
    """Write a user who approves them at a place."""
    return make_member(place, SIGNED_IN, "properties.view", VIEW_PROMISE, APPROVE_PROMISE)


def make_consultant(place: OrgUnit) -> User:
    """Write a user who notes at a place that buyers have read a disclosure."""
    return make_member(place, SIGNED_IN, "properties.view", "customers.view", VIEW_PROMISE, ACKNOWLEDGE)


def make_draft(
    place: OrgUnit,
    *,
    project: Project | None = None,
    kind: str = Disclosure.Kind.ADVERSE_FACTORS,
    now: datetime = NOW,
) -> Disclosure:
    """Write a draft with all of its parts."""
    actor = actor_of(make_writer(place))
    row = begin_disclosure(project or make_project(place), kind, actor=actor, now=now)
    if kind == Disclosure.Kind.ADVERSE_FACTORS:
        attach_drawing(row, pdf(), actor=actor, now=now)
        add_factor(row, SUBSTATION, actor=actor, now=now)
    return write_disclosure(row, PARTS, actor=actor, now=now)


def make_submitted(draft: Disclosure, *, now: datetime = NOW) -> Disclosure:
    """Have a draft submitted."""
    return submit_disclosure(draft, actor=actor_of(draft.author), now=now)


def make_published(draft: Disclosure, *, now: datetime = NOW) -> Disclosure:
    """Have a draft submitted, approved and published."""
    make_submitted(draft, now=now)
    approve_disclosure(draft, actor=actor_of(make_second(draft.org_unit)), now=now)
    return publish_disclosure(draft, actor=actor_of(draft.author), now=now)


def make_acknowledgement(
    disclosure: Disclosure,
    customer: Customer,
    *,
    unit: Unit | None = None,
    day: date = TODAY,
    proof: str = "档案柜3号",
    evidence_file: SimpleUploadedFile | None = None,
    now: datetime = NOW,
) -> Acknowledgement:
    """Have a customer acknowledge a published version."""
    actor = actor_of(make_consultant(disclosure.org_unit))
    said = Acknowledged("signed", day, unit, proof, evidence_file)
    return acknowledge_disclosure(disclosure, customer, said, actor=actor, now=now)


def make_promise(
    place: OrgUnit,
    *,
    project: Project | None = None,
    title: str = "小区内设1200平方米会所",
    due_date: date | None = date(2026, 12, 31),
    made_date: date = date(2026, 1, 10),
    is_for_whole_project: bool = True,
    department: OrgUnit | None = None,
    now: datetime = NOW,
) -> Promise:
    """Record a promise of a brochure."""
    new = NewPromise(
        title=title,
        wording="楼书第12页：约1200平方米业主会所。",
        source="brochure",
        source_detail="2026年第一版",
        audience="buyers",
        made_date=made_date,
        due_date=due_date,
        department=department or place,
        is_for_whole_project=is_for_whole_project,
    )
    actor = actor_of(make_writer(place))
    return record_promise(project or make_project(place), new, actor=actor, now=now)


def make_outcome(promise: Promise, outcome: str = "broken", *, now: datetime = NOW) -> PromiseOutcome:
    """Have it said what became of a promise."""
    said = Said(outcome, "规划变更，会所取消。", pdf("竣工图.pdf"))
    return say_outcome(promise, said, actor=actor_of(make_writer(promise.org_unit)), now=now)


def make_decided(promise: Promise, outcome: str = "broken", *, now: datetime = NOW) -> Promise:
    """Have it said and confirmed what became of a promise."""
    said = make_outcome(promise, outcome, now=now)
    return confirm_outcome(said, actor=actor_of(make_second(promise.org_unit)), now=now)
