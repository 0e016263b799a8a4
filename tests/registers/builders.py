"""Incidents for tests."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from procrastinate.contrib.django.models import ProcrastinateJob

from hearth.accounts.models import User
from hearth.core.permissions import SIGNED_IN
from hearth.customers.models import Customer
from hearth.organization.models import OrgUnit
from hearth.registers.jobs import mail
from hearth.registers.models import (
    AffectedPerson,
    Assessment,
    ComplianceAudit,
    Incident,
    NoticeLetter,
    Processor,
)
from hearth.registers.permissions import APPROVE_ASSESSMENT, APPROVE_LETTER, CHANGE_REGISTER, VIEW_REGISTER
from hearth.registers.questionnaire import questions_for
from hearth.registers.services import (
    AssessmentTerms,
    LetterTerms,
    NewAudit,
    NewIncident,
    ProcessorTerms,
    add_processor,
    approve_assessment,
    approve_letter,
    begin_assessment,
    publish_letter,
    record_audit,
    report_incident,
    submit_assessment,
    submit_letter,
    write_assessment,
    write_letter,
)
from tests.exports.builders import actor_of
from tests.organization.builders import make_member

NOW = datetime(2026, 3, 18, 6, 30, tzinfo=UTC)
OFFICER_RIGHTS = (SIGNED_IN, "customers.view", VIEW_REGISTER, CHANGE_REGISTER)


def run_mails() -> None:
    """Run the mails that wait, as a worker does."""
    for queued in ProcrastinateJob.objects.filter(task_name="registers.mail").order_by("id"):
        mail(**queued.args)


def make_officer(group: OrgUnit) -> User:
    """Write a user who handles incidents of the whole group."""
    return make_member(group, *OFFICER_RIGHTS)


def make_incident(
    place: OrgUnit,
    *,
    title: str = "名单外泄",
    persons: int | None = None,
    data_kinds: Sequence[str] = ("name",),
    found_at: datetime = NOW,
    reporter: User | None = None,
) -> Incident:
    """Have a colleague at a place report an incident."""
    new = NewIncident(place, title, "", data_kinds, persons, found_at)
    return report_incident(new, actor=actor_of(reporter or make_member(place, SIGNED_IN)), now=found_at)


def make_affected(customer: Customer, place: OrgUnit) -> AffectedPerson:
    """Write that an incident at a place touched a customer."""
    return AffectedPerson.objects.create(
        incident=make_incident(place),
        customer=customer,
        seen=1,
        first_at=NOW - timedelta(hours=1),
        last_at=NOW,
        created_at=NOW,
        updated_at=NOW,
    )


LETTER = LetterTerms(
    ["name"],
    "名单被误发给合作单位",
    "可能收到骚扰电话",
    "已要求删除并取得书面确认",
    "请警惕陌生来电",
    "400-000-0000",
)


def make_letter(incident: Incident, *, terms: LetterTerms = LETTER) -> NoticeLetter:
    """Have a keeper begin the letter of an incident."""
    return write_letter(incident, terms, actor=actor_of(make_keeper(incident.org_unit)), now=NOW)


def make_sent(incident: Incident) -> NoticeLetter:
    """Write, submit and approve the letter of an incident; the job that addresses the persons waits."""
    letter = make_letter(incident)
    submit_letter(letter, actor=actor_of(make_keeper(incident.org_unit)), now=NOW)
    second = make_member(incident.org_unit, SIGNED_IN, VIEW_REGISTER, APPROVE_LETTER)
    return approve_letter(letter, actor=actor_of(second), now=NOW)


def make_published(place: OrgUnit) -> NoticeLetter:
    """Publish the letter of an incident."""
    return publish_letter(make_sent(make_incident(place)), actor=actor_of(make_keeper(place)), now=NOW)


def make_keeper(place: OrgUnit) -> User:
    """Write a user who keeps the registers at a place and may be given tasks there."""
    return make_member(place, SIGNED_IN, VIEW_REGISTER, CHANGE_REGISTER, "tasks.view", "organization.view")


def make_second(place: OrgUnit) -> User:
    """Write a user who approves assessments at a place."""
    return make_member(place, SIGNED_IN, VIEW_REGISTER, APPROVE_ASSESSMENT)


def make_draft(place: OrgUnit, *, keeper: User | None = None, name: str = "客户画像") -> Assessment:
    """Begin an assessment and answer all of it."""
    keeper = keeper or make_keeper(place)
    actor = actor_of(keeper)
    row = begin_assessment(
        org_unit=place, name=name, triggers=["automated"], owner=keeper, actor=actor, now=NOW
    )
    answers = {question.code: "已说明" for question in questions_for(row.triggers)}
    terms = AssessmentTerms(name, ["automated"], keeper, answers, "medium", "可以拒绝", date(2027, 3, 18))
    return write_assessment(row, terms, actor=actor, now=NOW)


def make_submitted(place: OrgUnit, *, keeper: User | None = None) -> Assessment:
    """Write an assessment that waits for a second person."""
    keeper = keeper or make_keeper(place)
    return submit_assessment(make_draft(place, keeper=keeper), actor=actor_of(keeper), now=NOW)


def make_approved(place: OrgUnit, *, keeper: User | None = None) -> Assessment:
    """Write an assessment in force."""
    waiting = make_submitted(place, keeper=keeper)
    return approve_assessment(waiting, actor=actor_of(make_second(place)), now=NOW)


def make_processor(place: OrgUnit, *, keeper: User | None = None, name: str = "顺达物流") -> Processor:
    """Put a company on record."""
    keeper = keeper or make_keeper(place)
    terms = ProcessorTerms(
        name,
        "entrusted",
        "寄送资料",
        ["name", "address"],
        "保密，期满删除",
        date(2026, 1, 1),
        date(2026, 12, 31),
        None,
        keeper,
    )
    return add_processor(terms, org_unit=place, actor=actor_of(keeper), now=NOW)


def make_audit(
    place: OrgUnit, *, done_date: date = date(2026, 3, 1), subject: str = "全面审计"
) -> ComplianceAudit:
    """Put an audit on record."""
    new = NewAudit(place, done_date, "某会计师事务所", subject, "权限过宽\n\n留存过长")
    return record_audit(new, actor=actor_of(make_keeper(place)), now=NOW)
