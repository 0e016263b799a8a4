"""Text templates: kept for a place and below, and begun from in the composer."""

import pytest
from django.test import Client

from hearth.channels.models import TextTemplate
from hearth.channels.permissions import CHANGE_TEMPLATE, RECORD_INTERACTION
from hearth.channels.selectors import templates_for
from hearth.channels.services.templates import (
    TemplateNameTaken,
    TemplateText,
    UnknownSign,
    add_template,
    change_template,
)
from hearth.channels.templating import fill, unknown_signs
from hearth.core.actor import Actor
from hearth.core.errors import NotAllowed
from hearth.core.models import EventRecord
from hearth.core.permissions import SIGNED_IN
from hearth.organization.models import OrgUnit
from tests.channels.builders import NOW, make_template
from tests.customers.builders import make_customer
from tests.organization.builders import make_actor, make_member, sign_in
from tests.query_counts import count_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(company: OrgUnit) -> Actor:
    return make_actor(company, CHANGE_TEMPLATE, RECORD_INTERACTION)


def offered(customer_of: OrgUnit, actor: Actor) -> list[tuple[str, str]]:
    return templates_for(make_customer(customer_of, name="李小龙"), actor=actor, today=NOW.date())


def test_signs_are_filled_and_what_is_no_sign_stays() -> None:
    assert fill("{customer}您好，{nothing}，{date}", {"customer": "李小龙", "date": "3月18日"}) == (
        "李小龙您好，{nothing}，3月18日"
    )
    assert unknown_signs("{customer} {phone} {x} {phone}") == ["phone", "x"]


def test_a_template_is_offered_at_its_place_and_below(company: OrgUnit, keeper: Actor) -> None:
    project = OrgUnit.objects.get(code="SZ-A")
    group, region = OrgUnit.objects.get(code="G"), OrgUnit.objects.get(code="S")
    add_template(TemplateText("公司模板", "{customer}"), org_unit=company, actor=keeper, now=NOW)
    add_template(TemplateText("项目模板", "{writer}"), org_unit=project, actor=keeper, now=NOW)
    make_template(group, name="集团模板", body="{place} {date}")
    make_template(region, name="停用模板", is_active=False)

    at_company, at_project = offered(company, keeper), offered(project, keeper)

    assert at_company == [("公司模板", "李小龙"), ("集团模板", "深圳公司 2026年3月18日")]
    assert [name for name, _text in at_project] == ["公司模板", "集团模板", "项目模板"]
    assert dict(at_project)["项目模板"] == keeper.name


def test_a_neighbours_template_is_not_offered(company: OrgUnit, neighbour: OrgUnit, keeper: Actor) -> None:
    make_template(neighbour)

    assert offered(company, keeper) == []


def test_a_template_with_a_sign_that_is_none_is_refused(company: OrgUnit, keeper: Actor) -> None:
    with pytest.raises(UnknownSign) as refused:
        add_template(TemplateText("回访", "{phone}"), org_unit=company, actor=keeper, now=NOW)

    assert refused.value.field == "body"
    assert not TextTemplate.objects.exists()


def test_a_place_has_one_template_of_a_name(company: OrgUnit, keeper: Actor) -> None:
    make_template(company, name="回访")

    with pytest.raises(TemplateNameTaken):
        add_template(TemplateText("回访", "另一个"), org_unit=company, actor=keeper, now=NOW)


def test_templates_of_another_place_are_neither_added_nor_changed(neighbour: OrgUnit, keeper: Actor) -> None:
    theirs = make_template(neighbour, body="原文")

    with pytest.raises(NotAllowed):
        add_template(TemplateText("回访", "好"), org_unit=neighbour, actor=keeper, now=NOW)
    with pytest.raises(NotAllowed):
        change_template(theirs, TemplateText("回访", "改"), actor=keeper, now=NOW)
    theirs.refresh_from_db()
    assert theirs.body == "原文"


def test_a_change_is_recorded_by_code_alone(company: OrgUnit, keeper: Actor) -> None:
    row = make_template(company)

    change_template(row, TemplateText("回访", "新文", is_active=False), actor=keeper, now=NOW)

    event = EventRecord.objects.get(type="channels.template_changed")
    assert (event.subject_id, event.org_unit_id, event.actor_id) == (row.pk, company.pk, keeper.user_id)
    assert event.payload == {"is_active": False}


def test_templates_are_kept_in_the_browser_and_nothing_refused_is_lost(
    client: Client, company: OrgUnit
) -> None:
    browser = sign_in(client, make_member(company, SIGNED_IN, CHANGE_TEMPLATE))
    given = {"org_unit": company.pk, "name": "回访", "is_active": "on"}

    refused = browser.post("/channels/templates/new/", {**given, "body": "{phone}您好"})
    kept = browser.post("/channels/templates/new/", {**given, "body": "{customer}您好"})
    row = TextTemplate.objects.get()
    changed = browser.post(f"/channels/templates/{row.pk}/", {"name": "回访", "body": "新文"})
    row.refresh_from_db()

    assert refused.status_code == 422
    assert "没有名为 {phone} 的占位符。" in refused.content.decode()
    assert "{phone}您好</textarea>" in refused.content.decode()
    assert (kept.status_code, changed.status_code) == (303, 303)
    assert (row.body, row.is_active) == ("新文", False)


def test_the_page_without_templates_says_what_they_are_for(client: Client, company: OrgUnit) -> None:
    browser = sign_in(client, make_member(company, SIGNED_IN, CHANGE_TEMPLATE))

    assert "还没有模板" in browser.get("/channels/templates/").content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_for_any_number_of_templates(
    client: Client, company: OrgUnit, rows: int
) -> None:
    for number in range(rows):
        make_template(company, name=f"模板{number}")
    browser = sign_in(client, make_member(company, SIGNED_IN, CHANGE_TEMPLATE))

    assert count_queries(browser, "/channels/templates/") == 5
