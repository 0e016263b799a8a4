"""Incidents: who reports and sees them, what follows from their extent, which term runs, and how they end."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from hearth.accounts.models import Notification, User
from hearth.core.errors import DomainError, NotAllowed
from hearth.core.permissions import SIGNED_IN
from hearth.organization.models import OrgUnit, Setting
from hearth.registers.lists import clock_badge
from hearth.registers.models import Incident
from hearth.registers.permissions import VIEW_REGISTER
from hearth.registers.policy import MAJOR_PERSONS
from hearth.registers.services import (
    add_note,
    close_incident,
    decide_notice,
    judge_extent,
    tell_authority,
    tell_of_clocks,
)
from hearth.registers.services.incidents import (
    AuthorityNotTold,
    FoundLater,
    IncidentClosed,
    NoticeNotDecided,
    WordsMissing,
)
from tests.exports.builders import actor_of
from tests.organization.builders import make_member, sign_in
from tests.registers.builders import NOW, make_incident, make_officer, run_mails

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def officer(group: OrgUnit) -> User:
    return make_officer(group)


def told(user: User) -> list[str]:
    return list(Notification.objects.filter(user=user).order_by("id").values_list("kind", flat=True))


def test_everybody_reports_and_sees_their_own_alone(client: Client, company: OrgUnit, officer: User) -> None:
    colleague = make_member(company, SIGNED_IN)
    other = make_incident(company, title="别人的")
    browser = sign_in(client, colleague)
    said = {
        "org_unit": company.pk,
        "title": "笔记本丢失",
        "data_kinds": ["name"],
        "found_at": "2026-03-18T10:00",
    }

    answer = browser.post(reverse("registers:new_incident"), said)
    own = Incident.objects.get(reported_by=colleague)
    page = browser.get(reverse("registers:incidents")).content.decode()

    assert (answer.status_code, answer["Location"]) == (303, reverse("registers:incident", args=[own.pk]))
    assert ("笔记本丢失" in page, "别人的" in page) == (True, False)
    assert browser.get(reverse("registers:incident", args=[own.pk])).status_code == 200
    assert browser.get(reverse("registers:incident", args=[other.pk])).status_code == 404
    assert browser.post(reverse("registers:note", args=[own.pk]), {"note": "补充"}).status_code == 403
    assert told(officer) == ["registers.incident_reported"] * 2


def test_a_report_without_words_or_from_the_future_is_refused(company: OrgUnit) -> None:
    with pytest.raises(WordsMissing):
        make_incident(company, title=" ")
    reporter = make_member(company, SIGNED_IN)
    answer = sign_in(Client(), reporter).post(
        reverse("registers:new_incident"),
        {"org_unit": company.pk, "title": "丢失", "found_at": "2999-01-01T00:00"},
    )

    assert (answer.status_code, Incident.objects.count()) == (422, 0)
    assert "future" in answer.content.decode() or "将来" in answer.content.decode()


@pytest.mark.parametrize(
    ("persons", "kinds", "is_major"),
    [
        (None, ["identity"], False),
        (99_999, ["identity"], False),
        (100_000, ["identity"], True),
        (999_999, ["name"], False),
        (1_000_000, ["name"], True),
    ],
)
def test_persons_and_kinds_of_data_make_an_incident_major(
    persons: int | None, kinds: list[str], is_major: bool, company: OrgUnit
) -> None:
    incident = make_incident(company, persons=persons, data_kinds=kinds)

    assert incident.is_major is is_major
    assert incident.authority_due_at == (NOW + 4 * HOUR if is_major else None)
    assert incident.persons_due_at == NOW + 72 * HOUR


def test_the_group_sets_from_how_many_persons(company: OrgUnit, group: OrgUnit, officer: User) -> None:
    Setting.objects.create(org_unit=group, key=MAJOR_PERSONS.key, value=50, updated_at=NOW)
    incident = make_incident(company)

    judged = judge_extent(incident, persons=50, data_kinds=["name"], actor=actor_of(officer), now=NOW)

    assert (judged.is_major, judged.authority_due_at) == (True, NOW + 4 * HOUR)
    assert judged.steps.latest("id").what == "judged"


def test_a_term_is_told_of_once_before_it_ends_and_once_after(company: OrgUnit, officer: User) -> None:
    incident = make_incident(company, persons=2_000_000)
    Notification.objects.all().delete()

    numbers = [tell_of_clocks(now=NOW + hours * HOUR) for hours in (2, 3, 3.5, 4, 5)]

    assert numbers == [0, 1, 0, 1, 0]
    assert told(officer) == ["registers.clock_soon", "registers.clock_over"]
    tell_authority(incident, told_at=NOW + HOUR, note="网信办 12387", actor=actor_of(officer), now=NOW + HOUR)
    decide_notice(incident, notice="told", because="短信", actor=actor_of(officer), now=NOW + HOUR)
    assert tell_of_clocks(now=NOW + 100 * HOUR) == 0


def test_a_clock_is_told_by_mail_once_for_each_stage(company: OrgUnit, officer: User) -> None:
    User.objects.filter(pk=officer.pk).update(email="officer@example.com", language="zh-hans")
    incident = make_incident(company, persons=2_000_000)

    for hours in (2, 3, 3.5, 4, 5):
        tell_of_clocks(now=NOW + hours * HOUR)
    run_mails()

    assert [letter.to for letter in mail.outbox] == [["officer@example.com"]] * 2
    assert all(f"#{incident.number}" in letter.subject for letter in mail.outbox)
    assert all(f"/incidents/{incident.pk}/" in letter.body for letter in mail.outbox)
    assert len({letter.extra_headers["Message-ID"] for letter in mail.outbox}) == 2


def test_a_clock_is_told_in_words() -> None:
    with override("en"):
        badges = [clock_badge(NOW, NOW + hours * HOUR) for hours in (-30, -3, -0.5, 0, 2)]

    assert [(badge.text, badge.colour) for badge in badges] == [
        ("30 hours left", "blue"),
        ("3 hours left", "orange"),
        ("less than an hour left", "red"),
        ("ran out within the last hour", "red"),
        ("ran out 2 hours ago", "red"),
    ]


def test_an_incident_ends_with_authority_notice_cause_and_measures(company: OrgUnit, officer: User) -> None:
    incident, actor = make_incident(company, persons=2_000_000), actor_of(officer)

    with pytest.raises(AuthorityNotTold):
        close_incident(incident, cause="误发", measures="收回", actor=actor, now=NOW)
    with pytest.raises(FoundLater):
        tell_authority(incident, told_at=NOW - HOUR, note="网信办", actor=actor, now=NOW)
    tell_authority(incident, told_at=NOW, note="网信办", actor=actor, now=NOW)
    with pytest.raises(NoticeNotDecided):
        close_incident(incident, cause="误发", measures="收回", actor=actor, now=NOW)
    with pytest.raises(WordsMissing):
        decide_notice(incident, notice="not_needed", because="", actor=actor, now=NOW)
    decide_notice(incident, notice="not_needed", because="文件已加密", actor=actor, now=NOW)
    with pytest.raises(WordsMissing):
        close_incident(incident, cause="误发", measures=" ", actor=actor, now=NOW)
    closed = close_incident(incident, cause="误发", measures="收回", actor=actor, now=NOW)

    assert (closed.state, closed.closed_at) == ("closed", NOW)
    assert [step.what for step in closed.steps.order_by("id")] == [
        "reported",
        "authority",
        "notice",
        "closed",
    ]
    with pytest.raises(IncidentClosed):
        add_note(incident, note="又来", actor=actor, now=NOW)


def test_who_only_looks_changes_nothing(company: OrgUnit, client: Client) -> None:
    incident, auditor = make_incident(company), make_member(company, SIGNED_IN, VIEW_REGISTER)

    page = sign_in(client, auditor).get(reverse("registers:incident", args=[incident.pk])).content.decode()

    assert ("名单外泄" in page, reverse("registers:close", args=[incident.pk]) in page) == (True, False)
    with pytest.raises(NotAllowed):
        add_note(incident, note="补充", actor=actor_of(auditor), now=NOW)


def test_a_refusal_stands_on_the_page(company: OrgUnit, officer: User, client: Client) -> None:
    incident = make_incident(company)
    browser = sign_in(client, officer)

    refused = browser.post(
        reverse("registers:close", args=[incident.pk]), {"cause": "误发", "measures": "收回"}
    )

    assert refused.status_code == 422
    assert str(NoticeNotDecided()) in refused.content.decode()
    assert isinstance(NoticeNotDecided(), DomainError)
