"""How long the registers are kept, and what goes then."""

from datetime import date, timedelta

import pytest

from hearth.organization.models import OrgUnit
from hearth.privacy.models import RetentionEntry, RetentionRule
from hearth.privacy.retention_due import dry_run
from hearth.privacy.services import let_go_of_what_is_due, sync_purposes, sync_retention
from hearth.registers.models import (
    Assessment,
    ComplianceAudit,
    Incident,
    IncidentStep,
    NoticeLetter,
    Processor,
)
from hearth.registers.services import approve_assessment, renew_assessment, submit_assessment
from tests.exports.builders import actor_of
from tests.registers.builders import (
    NOW,
    make_approved,
    make_audit,
    make_incident,
    make_keeper,
    make_processor,
    make_second,
    make_sent,
)

pytestmark = pytest.mark.django_db
YEARS = timedelta(days=1_100)


def in_force(kind: str) -> RetentionRule:
    sync_retention()
    RetentionRule.objects.filter(kind=kind).update(is_active=True)
    return RetentionRule.objects.get(kind=kind)


def let_go(after: timedelta = YEARS) -> int:
    return let_go_of_what_is_due(now=NOW + after, within=timedelta(minutes=1))


def test_a_closed_incident_goes_after_three_years_with_all_that_hangs_on_it(company: OrgUnit) -> None:
    sync_purposes()
    closed, still_open = make_incident(company), make_incident(company)
    make_sent(closed)
    Incident.objects.filter(pk=closed.pk).update(
        state="closed", closed_at=NOW, cause="误发", measures="收回", notice="told", notice_because="短信"
    )
    rule = in_force("registers.incidents")

    early, foretold = let_go(timedelta(days=1_000)), dry_run(rule, now=NOW + YEARS)
    gone = let_go()

    entry = RetentionEntry.objects.get()
    assert (early, foretold.number, gone) == (0, 1, 1)
    assert (entry.number, entry.row_ids) == (1, [closed.pk])
    assert list(Incident.objects.values_list("pk", flat=True)) == [still_open.pk]
    assert not IncidentStep.objects.filter(incident_id=closed.pk).exists()
    assert not NoticeLetter.objects.exists()


def test_replaced_versions_go_and_what_is_in_force_or_named_by_a_company_stays(company: OrgUnit) -> None:
    keeper = make_keeper(company)
    first, named = make_approved(company, keeper=keeper), make_approved(company, keeper=keeper)
    processor = make_processor(company, keeper=keeper)
    Processor.objects.filter(pk=processor.pk).update(assessment=named)
    for row in (first, named):
        draft = renew_assessment(row, actor=actor_of(keeper), now=NOW)
        Assessment.objects.filter(pk=draft.pk).update(review_date=date(2027, 3, 18))
        submit_assessment(draft, actor=actor_of(keeper), now=NOW)
        approve_assessment(draft, actor=actor_of(make_second(company)), now=NOW)
    in_force("registers.assessments")

    early, gone = let_go(timedelta(days=1_000)), let_go()

    left = Assessment.objects.order_by("number", "version").values_list("number", "version", "state")
    assert (early, gone) == (0, 1)
    assert list(left) == [
        (first.number, 2, "approved"),
        (named.number, 1, "replaced"),
        (named.number, 2, "approved"),
    ]


def test_audits_go_but_for_the_last_from_which_the_next_is_counted(company: OrgUnit) -> None:
    for year in (2018, 2020, 2022):
        make_audit(company, done_date=date(year, 3, 1))
    in_force("registers.audits")

    gone = let_go()

    assert gone == 2
    assert [audit.done_date.year for audit in ComplianceAudit.objects.all()] == [2022]
