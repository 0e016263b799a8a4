"""Templates are written by one person, approved by another, and hold from a day on."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from hearth.contract_texts.forms import BeginTemplateForm, ForbidForm
from hearth.contract_texts.models import ContractTemplate, ForbiddenWording
from hearth.contract_texts.placeholders import BLANK, fill, unknown_in
from hearth.contract_texts.services import (
    NewClause,
    allow_words,
    approve_template,
    begin_template,
    forbid_words,
    remove_clause,
    return_template,
    template_for,
    wordings_at,
    write_clause,
)
from hearth.contract_texts.services.templates import (
    ClauseEmpty,
    InForceTooEarly,
    NoClause,
    PlaceholderUnknown,
    ProjectElsewhere,
    TemplateBegun,
    WordingForbidden,
)
from hearth.contract_texts.services.wordings import WordsForbiddenAlready, WordsTooShort
from hearth.core.errors import NotAllowed
from hearth.core.models import EventRecord
from hearth.core.second_person import OwnWork, PastThatStep
from hearth.organization.models import OrgUnit
from tests.contract_texts.builders import (
    CLAUSES,
    HANDOVER,
    NOW,
    PRICE,
    SYSTEM,
    TODAY,
    make_approved,
    make_approver,
    make_drafter,
    make_keeper,
    make_sold,
    make_submitted,
    make_template,
)
from tests.exports.builders import actor_of
from tests.organization.builders import make_member, make_org_unit, sign_in
from tests.properties.builders import make_project

pytestmark = pytest.mark.django_db


def test_a_template_holds_from_its_day_once_a_second_person_approved_it(company: OrgUnit) -> None:
    row = make_approved(make_template(company), day=TODAY + timedelta(days=3))

    now_held = ContractTemplate.objects.in_force(TODAY)
    later_held = ContractTemplate.objects.in_force(TODAY + timedelta(days=3))

    assert list(now_held) == []
    assert list(later_held) == [row]
    assert EventRecord.objects.filter(type="contract_texts.template_approved", subject_id=row.pk).count() == 1


def test_nobody_approves_a_template_they_wrote(company: OrgUnit) -> None:
    row = make_submitted(make_template(company))
    both = make_member(company, "contract_texts.approve", "contract_texts.keep_templates")
    ContractTemplate.objects.filter(pk=row.pk).update(editor=both)

    with pytest.raises(OwnWork):
        approve_template(row, actor=actor_of(both), now=NOW)


def test_what_was_approved_is_never_changed(company: OrgUnit) -> None:
    row = make_approved(make_template(company))
    keeper = actor_of(make_keeper(company))
    clause = row.clauses.get(heading="交付")

    with pytest.raises(PastThatStep):
        write_clause(row, HANDOVER, clause=clause, actor=keeper, now=NOW)
    with pytest.raises(PastThatStep):
        remove_clause(clause, actor=keeper, now=NOW)

    assert row.clauses.count() == len(CLAUSES)


def test_the_next_version_begins_with_the_clauses_of_the_last(company: OrgUnit) -> None:
    first = make_approved(make_template(company))

    second = begin_template(company, kind="contract", title="第二版", actor=actor_of(first.author), now=NOW)

    assert second.version == 2
    assert [each.wording for each in second.clauses.order_by("position")] == [
        each.wording for each in CLAUSES
    ]
    with pytest.raises(TemplateBegun):
        begin_template(company, kind="contract", title="第三版", actor=actor_of(first.author), now=NOW)


def test_a_placeholder_that_does_not_exist_is_refused_by_its_clause(company: OrgUnit) -> None:
    row = make_template(company)

    with pytest.raises(PlaceholderUnknown) as refusal:
        write_clause(
            row, NewClause(60, "车位", "车位{parking}归{buyer}。"), actor=actor_of(row.author), now=NOW
        )

    assert "车位" in str(refusal.value)
    assert "{parking}" in str(refusal.value)


def test_only_a_free_clause_has_no_words(company: OrgUnit) -> None:
    row = make_template(company)

    with pytest.raises(ClauseEmpty):
        write_clause(row, replace(HANDOVER, wording=" "), actor=actor_of(row.author), now=NOW)


def test_a_template_with_forbidden_words_is_not_submitted(company: OrgUnit) -> None:
    row = make_template(company, clauses=[replace(HANDOVER, wording="出卖人保留最 终解释权。")])

    with pytest.raises(WordingForbidden, match="最终解释权"):
        make_submitted(row)


def test_an_empty_template_and_a_day_that_is_over_are_refused(company: OrgUnit) -> None:
    empty = make_template(company, clauses=[])

    with pytest.raises(NoClause):
        make_submitted(empty)
    with pytest.raises(InForceTooEarly):
        make_submitted(empty, day=TODAY - timedelta(days=1))


def test_a_template_that_is_sent_back_is_written_again(company: OrgUnit) -> None:
    row = make_submitted(make_template(company))

    row = return_template(row, because="单价写法不对", actor=actor_of(make_approver(company)), now=NOW)

    assert (row.state, row.returned_because) == ("draft", "单价写法不对")


def test_who_may_not_keep_templates_writes_none(company: OrgUnit, neighbour: OrgUnit) -> None:
    row, project = make_template(company), make_project(neighbour)
    stranger = actor_of(make_keeper(neighbour))

    with pytest.raises(NotAllowed):
        begin_template(company, kind="contract", title="合同", actor=stranger, now=NOW)
    with pytest.raises(NotAllowed):
        write_clause(row, PRICE, actor=stranger, now=NOW)
    with pytest.raises(NotAllowed):
        begin_template(company, kind="contract", title="合同", actor=SYSTEM, now=NOW)
    with pytest.raises(ProjectElsewhere):
        begin_template(
            company,
            kind="supplement",
            title="合同",
            project=project,
            actor=actor_of(row.author),
            now=NOW,
        )


def test_the_template_of_the_project_comes_before_that_of_the_place_and_a_later_one_before_it(
    company: OrgUnit,
) -> None:
    contract = make_sold(company)
    of_place = make_approved(make_template(company))
    assert template_for(contract, "contract", TODAY) == of_place
    of_project = make_approved(make_template(company, project=contract.unit.project))

    assert template_for(contract, "contract", TODAY) == of_project
    assert template_for(contract, "supplement", TODAY) is None
    assert template_for(contract, "contract", TODAY - timedelta(days=1)) is None


def test_a_neighbours_template_is_not_used(company: OrgUnit, neighbour: OrgUnit) -> None:
    make_approved(make_template(neighbour))

    assert template_for(make_sold(company), "contract", TODAY) is None


def test_places_forbid_words_for_all_below_them(company: OrgUnit, neighbour: OrgUnit) -> None:
    keeper = actor_of(make_keeper(company))
    row = forbid_words(company, words="包过户", because="不能承诺", actor=keeper, now=NOW)

    here = [each.words for each in wordings_at(company)]
    there = [each.words for each in wordings_at(neighbour)]

    assert "包过户" in here
    assert "最终解释权" in here
    assert "包过户" not in there
    with pytest.raises(WordsForbiddenAlready):
        forbid_words(company, words="包过户", because="再次", actor=keeper, now=NOW)
    with pytest.raises(WordsTooShort):
        forbid_words(company, words="包", because="太短", actor=keeper, now=NOW)
    with pytest.raises(NotAllowed):
        forbid_words(company, words="包入学", because="无权", actor=actor_of(make_drafter(company)), now=NOW)
    allow_words(row, actor=keeper, now=NOW)
    assert "包过户" not in [each.words for each in wordings_at(company)]
    assert ForbiddenWording.objects.count() == 1


def test_who_is_refused_for_words_sees_who_forbids_them_above(
    client: Client, company: OrgUnit, neighbour: OrgUnit
) -> None:
    team, other = (make_org_unit(place, name=f"{place.name}一期") for place in (company, neighbour))
    for place, words in ((company, "包过户"), (neighbour, "包入学"), (team, "包落户"), (other, "包学位")):
        forbid_words(place, words=words, because="不能承诺", actor=actor_of(make_keeper(place)), now=NOW)
    gone = forbid_words(
        company, words="包升值", because="已删", actor=actor_of(make_keeper(company)), now=NOW
    )
    allow_words(gone, actor=actor_of(make_keeper(company)), now=NOW)
    sign_in(client, make_drafter(team))

    shown = client.get(reverse("contract_texts:wordings")).context["rows"]

    assert [(row.words, may_allow) for row, may_allow in shown] == [("包落户", False), ("包过户", False)]


def test_templates_and_wordings_are_of_places_where_one_keeps_them_and_records_belong(
    company: OrgUnit, neighbour: OrgUnit
) -> None:
    closed, desk = (make_org_unit(company, name=name) for name in ("二期", "财务部"))
    OrgUnit.objects.filter(pk=closed.pk).update(is_active=False)
    OrgUnit.objects.filter(pk=desk.pk).update(kind=OrgUnit.Kind.DEPARTMENT)
    team, actor = make_org_unit(company, name="一期"), actor_of(make_keeper(company))

    offered = [str(form(actor=actor)["place"]) for form in (BeginTemplateForm, ForbidForm)]

    for choice in offered:
        assert all(f'value="{place.pk}"' in choice for place in (company, team))
        assert not any(f'value="{place.pk}"' in choice for place in (closed, desk, neighbour))


def test_what_the_record_does_not_know_stays_blank() -> None:
    filled = fill("买受人{buyer}，面积{area}", {"buyer": "王小明", "area": ""})

    assert filled == f"买受人王小明，面积{BLANK}"
    assert unknown_in("{buyer}{parking}{}") == ["parking", ""]
