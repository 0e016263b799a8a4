"""Assessments are approved by a second person and keep their versions; companies and audits have their clocks."""

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from hearth.accounts.models import Notification, User
from hearth.core.errors import NotAllowed
from hearth.core.permissions import SIGNED_IN
from hearth.customers.models import Customer
from hearth.organization.models import OrgUnit, Setting
from hearth.registers.due import add_months, audit_months, next_audit_date
from hearth.registers.models import Assessment, Processor
from hearth.registers.permissions import VIEW_REGISTER
from hearth.registers.policy import AUDIT_PERSONS
from hearth.registers.questionnaire import QUESTIONS, questions_for
from hearth.registers.services import (
    approve_assessment,
    change_processor,
    end_processor,
    note_visit,
    raise_what_is_due,
    renew_assessment,
    return_assessment,
    submit_assessment,
)
from hearth.registers.services.assessments import (
    AnswersMissing,
    NotInThisState,
    OwnAssessment,
    VersionUnderWay,
)
from hearth.registers.services.processors import DayInFuture, ProcessorEnded, ProofMissing
from hearth.tasks.models import Task
from tests.customers.builders import make_customer
from tests.exports.builders import actor_of
from tests.organization.builders import make_member, sign_in
from tests.registers.builders import (
    NOW,
    make_approved,
    make_audit,
    make_draft,
    make_keeper,
    make_processor,
    make_second,
    make_submitted,
    run_mails,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_each_trigger_brings_questions_and_codes_are_unique() -> None:
    always = {each.code for each in questions_for([])}

    assert len({each.code for each in QUESTIONS}) == len(QUESTIONS)
    assert always == {"purpose", "effect", "protection"}
    assert all(len(questions_for([trigger])) > len(always) for trigger in Assessment.Trigger.values)


def test_nobody_approves_what_they_wrote(company: OrgUnit) -> None:
    keeper = make_member(company, SIGNED_IN, VIEW_REGISTER, "registers.change", "registers.approve")
    waiting = make_submitted(company, keeper=keeper)

    with pytest.raises(OwnAssessment):
        approve_assessment(waiting, actor=actor_of(keeper), now=NOW)
    with pytest.raises(NotAllowed):
        approve_assessment(waiting, actor=actor_of(make_keeper(company)), now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Assessment.objects.filter(pk=waiting.pk).update(approved_by=keeper)


def test_an_unanswered_draft_is_not_submitted(company: OrgUnit) -> None:
    keeper = make_keeper(company)
    draft = make_draft(company, keeper=keeper)
    Assessment.objects.filter(pk=draft.pk).update(answers={"purpose": "已说明"})

    with pytest.raises(AnswersMissing):
        submit_assessment(draft, actor=actor_of(keeper), now=NOW)


def test_a_new_version_replaces_the_approved_one_and_changes_nothing_of_it(company: OrgUnit) -> None:
    keeper, second = make_keeper(company), make_second(company)
    first = make_approved(company, keeper=keeper)

    draft = renew_assessment(first, actor=actor_of(keeper), now=NOW)
    with pytest.raises(VersionUnderWay):
        renew_assessment(first, actor=actor_of(keeper), now=NOW)
    Assessment.objects.filter(pk=draft.pk).update(review_date=date(2028, 1, 1))
    submit_assessment(draft, actor=actor_of(keeper), now=NOW)
    sent_back = return_assessment(draft, because="再想想", actor=actor_of(second), now=NOW)
    submit_assessment(draft, actor=actor_of(keeper), now=NOW)
    approve_assessment(draft, actor=actor_of(second), now=NOW)

    versions = Assessment.objects.filter(number=first.number).order_by("version")
    assert [(each.version, each.state) for each in versions] == [(1, "replaced"), (2, "approved")]
    assert (versions[0].answers, sent_back.returned_because) == (first.answers, "再想想")
    with pytest.raises(NotInThisState):
        renew_assessment(first, actor=actor_of(keeper), now=NOW)


def test_owners_get_one_task_before_a_review_and_before_a_contract_ends(company: OrgUnit) -> None:
    keeper = make_keeper(company)
    assessment, processor = make_approved(company, keeper=keeper), make_processor(company, keeper=keeper)
    Assessment.objects.filter(pk=assessment.pk).update(review_date=NOW.date() + 20 * DAY)
    Processor.objects.filter(pk=processor.pk).update(contract_end_date=NOW.date() + 30 * DAY)

    raised = [raise_what_is_due(now=NOW - 15 * DAY), raise_what_is_due(now=NOW), raise_what_is_due(now=NOW)]

    assert raised == [0, 2, 0]
    assert sorted(Task.objects.values_list("assignee", "due_date")) == [
        (keeper.pk, NOW.date() + 20 * DAY),
        (keeper.pk, NOW.date() + 30 * DAY),
    ]


def test_owners_and_keepers_get_one_mail_for_each_day(company: OrgUnit, group: OrgUnit) -> None:
    keeper, chief = make_keeper(company), make_keeper(group)
    assessment, processor = make_approved(company, keeper=keeper), make_processor(company, keeper=keeper)
    User.objects.filter(pk__in=[keeper.pk, chief.pk]).update(is_sample=False, language="en")
    User.objects.filter(pk=keeper.pk).update(email="keeper@example.com")
    User.objects.filter(pk=chief.pk).update(email="chief@example.com")
    Assessment.objects.filter(pk=assessment.pk).update(review_date=NOW.date() + 20 * DAY)
    Processor.objects.filter(pk=processor.pk).update(contract_end_date=NOW.date() + 30 * DAY)
    make_audit(company, done_date=date(2023, 3, 1))
    monday = NOW - NOW.weekday() * DAY

    for weeks in range(3):
        raise_what_is_due(now=monday + weeks * 7 * DAY)
    run_mails()

    assert sorted((letter.to[0], letter.subject) for letter in mail.outbox) == [
        ("chief@example.com", "The next compliance audit is due on 2026-03-01"),
        ("keeper@example.com", "The contract with 顺达物流 ends on 2026-04-17"),
        ("keeper@example.com", "The impact assessment 客户画像 is to be reviewed by 2026-04-07"),
    ]


def test_an_assessment_is_a_sheet_in_chinese_for_readers_of_any_language(
    client: Client, company: OrgUnit
) -> None:
    row = make_approved(company)
    reader = make_member(company, SIGNED_IN, VIEW_REGISTER)
    User.objects.filter(pk=reader.pk).update(language="en")
    browser = sign_in(client, reader)
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

    sheet = browser.get(reverse("registers:assessment_print", args=[row.pk])).content.decode()

    assert "个人信息保护影响评估报告" in sheet
    assert all(question.text_zh in sheet for question in questions_for(row.triggers))
    assert str(row.approved_by) in sheet
    assert "Report on" not in sheet


@pytest.mark.parametrize(
    ("done_date", "said"),
    [(None, "No audit is on record"), (date(2020, 3, 1), "overdue"), (date(2026, 3, 1), "Due by 2029-03-01")],
)
def test_the_start_page_of_who_keeps_the_registers_says_when_the_next_audit_is_due(
    client: Client, company: OrgUnit, group: OrgUnit, done_date: date | None, said: str
) -> None:
    keeper, colleague = make_keeper(group), make_keeper(company)
    if done_date:
        make_audit(company, done_date=done_date)

    pages = {}
    for person in (keeper, colleague):
        browser = sign_in(Client(), person)
        browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        pages[person.pk] = browser.get(reverse("workspace:home")).content.decode()

    assert said in pages[keeper.pk]
    assert "Next compliance audit" not in pages[colleague.pk]


def test_a_company_is_supervised_and_ends_with_a_proof(company: OrgUnit) -> None:
    keeper = make_keeper(company)
    processor, actor = make_processor(company, keeper=keeper), actor_of(keeper)

    with pytest.raises(DayInFuture):
        note_visit(processor, visited_date=NOW.date() + DAY, finding="良好", actor=actor, now=NOW)
    note_visit(processor, visited_date=NOW.date(), finding="良好", actor=actor, now=NOW)
    with pytest.raises(ProofMissing):
        end_processor(processor, ended_date=NOW.date(), proof=" ", actor=actor, now=NOW)
    ended = end_processor(processor, ended_date=NOW.date(), proof="删除证明 17 号", actor=actor, now=NOW)

    assert (ended.ended_date, ended.visits.get().finding) == (NOW.date(), "良好")
    with pytest.raises(ProcessorEnded):
        note_visit(processor, visited_date=NOW.date(), finding="又来", actor=actor, now=NOW)
    with pytest.raises(ProcessorEnded):
        change_processor(processor, None, actor=actor, now=NOW)  # type: ignore[arg-type]


def test_more_persons_bring_the_next_audit_closer(company: OrgUnit, group: OrgUnit) -> None:
    make_audit(company, done_date=date(2026, 1, 31))
    make_customer(company)
    few = (audit_months(), next_audit_date())
    Setting.objects.create(org_unit=group, key=AUDIT_PERSONS.key, value=1, updated_at=NOW)
    exactly = audit_months()
    make_customer(company)

    assert (few, exactly) == ((36, date(2029, 1, 31)), 36)
    assert (audit_months(), next_audit_date()) == (24, date(2028, 1, 31))
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert Customer.objects.count() == 2


def test_the_bell_tells_on_mondays_that_an_audit_is_due(company: OrgUnit, group: OrgUnit) -> None:
    keeper = make_keeper(group)
    make_audit(company, done_date=date(2023, 3, 1))
    monday = NOW - NOW.weekday() * DAY

    raise_what_is_due(now=monday)
    raise_what_is_due(now=monday + DAY)

    assert [note.kind for note in Notification.objects.filter(user=keeper)] == ["registers.audit_due"]


def test_an_assessment_goes_from_the_first_page_to_approval(client: Client, company: OrgUnit) -> None:
    keeper, second = make_keeper(company), make_second(company)
    desk = sign_in(client, keeper)
    begun = desk.post(
        reverse("registers:new_assessment"),
        {"org_unit": company.pk, "name": "人脸门禁", "triggers": ["sensitive"], "owner": keeper.pk},
    )
    row = Assessment.objects.get()
    page = desk.get(reverse("registers:assessment", args=[row.pk])).content.decode()
    answers = {f"answer-{each.code}": "已说明" for each in questions_for(row.triggers)}
    said = {
        "name": row.name,
        "triggers": ["sensitive"],
        "owner": keeper.pk,
        "risk": "high",
        "measures": "不做",
    }

    refused = desk.post(reverse("registers:submit", args=[row.pk]))
    desk.post(reverse("registers:write", args=[row.pk]), {**said, **answers, "review_date": "2099-01-01"})
    submitted = desk.post(reverse("registers:submit", args=[row.pk]))
    other = sign_in(Client(), second)
    approved = other.post(reverse("registers:approve", args=[row.pk]))
    file = other.get(reverse("registers:assessment_file", args=[row.pk])).json()

    assert [each.status_code for each in (begun, refused, submitted, approved)] == [303, 422, 303, 303]
    assert all(each.text in page for each in questions_for(["sensitive"]))
    assert (file["approved_by"], {each["answer"] for each in file["answers"]}) == (str(second), {"已说明"})


def test_a_company_is_added_and_changed_on_its_page(client: Client, company: OrgUnit) -> None:
    keeper = make_keeper(company)
    desk = sign_in(client, keeper)
    said = {
        "name": "顺达物流",
        "role": "entrusted",
        "purpose": "寄送",
        "data_kinds": ["name"],
        "duties": "保密",
        "contract_begin_date": "2026-01-01",
        "contract_end_date": "2026-12-31",
        "owner": keeper.pk,
    }

    backwards = {**said, "contract_end_date": "2025-12-31"}
    refused = desk.post(reverse("registers:new_processor"), {**backwards, "org_unit": company.pk})
    added = desk.post(reverse("registers:new_processor"), {**said, "org_unit": company.pk})
    row = Processor.objects.get()
    changed = desk.post(reverse("registers:change", args=[row.pk]), {**said, "purpose": "邀请"})
    page = desk.get(reverse("registers:processor", args=[row.pk])).content.decode()

    assert [each.status_code for each in (refused, added, changed)] == [422, 303, 303]
    assert "邀请" in page


def test_an_audit_is_put_on_record_and_the_list_says_when_the_next_is_due(
    client: Client, company: OrgUnit
) -> None:
    desk = sign_in(client, make_keeper(company))
    said = {
        "org_unit": company.pk,
        "done_date": "2020-01-01",
        "auditor": "某所",
        "subject": "全面",
        "findings": "一\n二",
    }

    before = desk.get(reverse("registers:audits")).content.decode()
    added = desk.post(reverse("registers:new_audit"), said)
    page = desk.get(added["Location"]).content.decode()
    after = desk.get(reverse("registers:audits")).content.decode()

    assert ("36" in before, "<li>二</li>" in page, "2023-01-01" in after) == (True, True, True)
    assert "alert-danger" in after
