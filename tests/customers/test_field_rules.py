"""What a rule masks or hides is so on pages, in lists, the API, files, the timeline, the search and the stream."""

import json
import logging
from typing import Any

import pytest
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.test import Client
from django.utils import timezone

from hearth.accounts.models import User
from hearth.core.actor import Actor
from hearth.core.errors import NotAllowed
from hearth.core.field_rules import Access, field_access
from hearth.core.log_lines import MaskedLines
from hearth.core.models import EventRecord
from hearth.customers.models import Customer
from hearth.customers.services import reveal_contact_point, reveal_identity_number
from hearth.exports.files import path_of
from hearth.organization.models import OrgUnit, Role
from hearth.organization.selectors import actor_for
from hearth.organization.services.field_rules import NoSuchField, remove_field_rule, set_field_rule
from hearth.webhooks.payloads import write_payload
from tests.api.builders import Program, make_token
from tests.customers.builders import make_customer
from tests.exports.builders import RIGHTS, make_export, write
from tests.organization.builders import make_member, make_org_unit, sign_in

pytestmark = pytest.mark.django_db
PHONE, IDENTITY, ADDRESS = "13800001234", "11010519491231002X", "深圳市南山区科技园路88号"
CLEAR = (PHONE, "138 0000 1234", IDENTITY, ADDRESS)
SEEING = (*RIGHTS, "customers.view_identity", "customers.reveal", "core.view_events")


def make_known(company: OrgUnit) -> Customer:
    return make_customer(company, name="王伟", phone=PHONE, identity_number=IDENTITY, addresses=(ADDRESS,))


def reader(company: OrgUnit, *rights: str) -> tuple[User, Role]:
    user = make_member(company, *(rights or SEEING))
    return user, Role.objects.get(memberships__user=user)


def actor_of(user: User) -> Actor:
    return actor_for(user, today=timezone.localdate())


def rule(role: Role, field: str, place: OrgUnit, access: Access) -> None:
    set_field_rule(role, field, place, access, actor=Actor.system(), now=timezone.now())


def test_without_a_rule_the_right_decides(company: OrgUnit) -> None:
    seeing, blind = reader(company)[0], reader(company, "customers.view")[0]

    assert field_access(actor_of(seeing), "phone", company.pk) == Access.VISIBLE
    assert field_access(actor_of(blind), "phone", company.pk) == Access.MASKED
    assert field_access(Actor.nobody(), "phone", company.pk) == Access.MASKED


def test_the_rule_of_the_nearest_place_counts_and_never_gives_more_than_the_right(
    group: OrgUnit, company: OrgUnit, neighbour: OrgUnit
) -> None:
    user, role = reader(group)
    rule(role, "phone", group, Access.HIDDEN)
    rule(role, "phone", company, Access.VISIBLE)
    blind, of_blind = reader(company, "customers.view")
    rule(of_blind, "phone", company, Access.VISIBLE)

    assert field_access(actor_of(user), "phone", company.pk) == Access.VISIBLE
    assert field_access(actor_of(user), "phone", neighbour.pk) == Access.HIDDEN
    assert field_access(actor_of(user), "email", neighbour.pk) == Access.VISIBLE
    assert field_access(actor_of(blind), "phone", company.pk) == Access.MASKED


def test_of_two_roles_the_one_that_shows_more_counts(company: OrgUnit) -> None:
    user, role = reader(company)
    rule(role, "phone", company, Access.HIDDEN)
    other, _of_other = reader(company)
    other.memberships.update(user=user)

    assert field_access(actor_of(user), "phone", company.pk) == Access.VISIBLE


def test_a_token_of_some_rights_does_not_escape_a_rule(company: OrgUnit) -> None:
    user, role = reader(company)
    rule(role, "phone", company, Access.MASKED)

    narrowed = actor_of(user).narrowed_to(["customers.view", "customers.view_contact"])

    assert field_access(narrowed, "phone", company.pk) == Access.MASKED
    assert field_access(narrowed, "address", company.pk) == Access.VISIBLE
    assert field_access(narrowed, "identity", company.pk) == Access.MASKED


def test_a_rule_is_taken_away_again(company: OrgUnit) -> None:
    user, role = reader(company)
    rule(role, "phone", company, Access.MASKED)

    remove_field_rule(role, "phone", company, actor=Actor.system(), now=timezone.now())

    assert field_access(actor_of(user), "phone", company.pk) == Access.VISIBLE
    recorded = EventRecord.objects.filter(type="organization.field_rule_changed").order_by("position")
    assert [event.payload["access"] for event in recorded] == ["masked", ""]


def test_only_the_group_sets_rules_and_only_for_fields_that_are_there(
    group: OrgUnit, company: OrgUnit
) -> None:
    role, now = reader(company)[1], timezone.now()
    local = actor_of(make_member(company, "organization.change_field_rules"))
    everywhere = actor_of(make_member(group, "organization.change_field_rules"))

    with pytest.raises(NotAllowed):
        set_field_rule(role, "phone", company, Access.MASKED, actor=local, now=now)
    with pytest.raises(NoSuchField):
        set_field_rule(role, "shoe_size", company, Access.MASKED, actor=everywhere, now=now)


def test_what_is_hidden_is_not_uncovered_either(company: OrgUnit) -> None:
    user, role = reader(company)
    customer = make_known(company)
    for field in ("phone", "identity"):
        rule(role, field, company, Access.HIDDEN)
    now, actor = timezone.now(), actor_of(user)

    with pytest.raises(NotAllowed):
        reveal_contact_point(customer.contact_points.get(kind="phone"), reason="回访", actor=actor, now=now)
    with pytest.raises(NotAllowed):
        reveal_identity_number(customer, reason="回访", actor=actor, now=now)


def test_a_person_uncovers_some_values_a_minute(client: Client, company: OrgUnit) -> None:
    customer = make_known(company)
    browser = sign_in(client, reader(company, "core.signed_in", "customers.view", "customers.reveal")[0])
    point = customer.contact_points.get(kind="phone")

    answers = [
        browser.post(f"/customers/contacts/{point.pk}/reveal/", {"reason": "回访"}) for _number in range(11)
    ]

    assert [answer.status_code for answer in answers] == [200] * 10 + [422]
    assert PHONE[-4:] in answers[0].content.decode()
    assert customer.reveals.count() == 10


def everything_shown(user: User, customer: Customer, client: Client) -> dict[str, str]:
    """Collect what a person gets to see of a customer by each way out."""
    browser, program = sign_in(client, user), Program(make_token(user))
    export = write(make_export(user, "name", "phone", "email"))
    pages = {
        "page": f"/customers/{customer.pk}/",
        "edit": f"/customers/{customer.pk}/edit/",
        "timeline": f"/customers/{customer.pk}/?tab=timeline",
        "peek": f"/lists/customers/peek/{customer.pk}/",
        "list": "/customers/?columns=name,phone,email",
        "search": f"/search/?q={PHONE[-4:]}",
        "palette": "/palette/?q=wangwei",
    }
    shown = {name: browser.get(address).content.decode() for name, address in pages.items()}
    calls = {
        "api": f"/customers/{customer.pk}",
        "api list": "/customers",
        "api timeline": f"/customers/{customer.pk}/timeline",
        "events": "/events?include=customer",
    }
    shown |= {name: json.dumps(program.get(path).body, ensure_ascii=False) for name, path in calls.items()}
    shown["export"] = path_of(export).read_text(encoding="utf-8-sig")
    spoken = EventRecord.objects.filter(customer_id=customer.pk).order_by("position")
    payloads = [write_payload(event, actor_of(user), is_full=True).decode() for event in spoken]
    shown["webhook"] = "".join(payloads)
    stored = list(EventRecord.objects.values())
    return shown | {"stream": json.dumps(stored, cls=DjangoJSONEncoder, ensure_ascii=False)}


@pytest.mark.requirement("S60")
@pytest.mark.parametrize("access", [Access.MASKED, Access.HIDDEN])
def test_no_way_out_shows_a_clear_value_against_a_rule(
    client: Client, company: OrgUnit, access: Access, caplog: Any
) -> None:
    caplog.set_level(logging.DEBUG)
    customer = make_known(company)
    user, role = reader(company, *SEEING, "customers.change")
    for field in ("phone", "email", "address", "identity"):
        rule(role, field, company, access)

    shown = everything_shown(user, customer, client)

    assert [(name, text) for name, found in shown.items() for text in CLEAR if text in found] == []
    assert not [text for text in CLEAR if text in caplog.text]
    assert all("王伟" in shown[name] for name in ("page", "list", "api", "export"))
    assert ("138****1234" in shown["page"]) == (access == Access.MASKED)
    assert ("138****1234" in shown["export"]) == (access == Access.MASKED)


def test_an_error_report_tells_no_value(
    company: OrgUnit, caplog: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even where the error itself repeats the value it stumbled over."""
    customer = make_known(company)
    log: Any = settings.LOGGING
    caplog.handler.setFormatter(MaskedLines(log["formatters"]["line"]["format"]))

    def fail(*_arguments: Any, **_named: Any) -> None:
        raise RuntimeError(f"{PHONE} {IDENTITY}")

    monkeypatch.setattr("hearth.workspace.views.customer_page", fail)
    browser = sign_in(Client(raise_request_exception=False), reader(company)[0])

    answer = browser.get(f"/customers/{customer.pk}/")

    assert answer.status_code == 500
    assert "RuntimeError" in caplog.text
    assert not [text for text in (*CLEAR, "王伟") if text in caplog.text + answer.content.decode()]


def test_with_the_right_and_no_rule_the_same_ways_show_it(client: Client, company: OrgUnit) -> None:
    customer = make_known(company)

    shown = everything_shown(reader(company)[0], customer, client)

    ways = ("page", "list", "api", "export")
    assert all(any(text in shown[name] for text in CLEAR) for name in ways)
    assert not any(text in shown["webhook"] for text in CLEAR)


def test_rules_are_set_and_removed_on_their_page(client: Client, group: OrgUnit, company: OrgUnit) -> None:
    role = reader(company)[1]
    officer = sign_in(client, make_member(group, "core.signed_in", "organization.change_field_rules"))
    wanted = {"role": role.pk, "field": "phone", "org_unit": company.pk, "access": "masked"}

    saved = officer.post("/organization/fields/", wanted)
    wrong = officer.post("/organization/fields/", {**wanted, "field": "shoe_size"})
    page = officer.get("/organization/fields/").content.decode()
    officer.post(f"/organization/fields/{role.pk}/phone/{company.pk}/remove/")

    assert (saved.status_code, wrong.status_code) == (302, 422)
    assert f"/organization/fields/{role.pk}/phone/{company.pk}/remove/" in page
    role.refresh_from_db()
    assert role.field_rules == []


def test_a_place_opened_below_follows_the_rule(company: OrgUnit) -> None:
    user, role = reader(company)
    rule(role, "phone", company, Access.MASKED)

    below = make_org_unit(company, kind=OrgUnit.Kind.PROJECT_TEAM)

    assert field_access(actor_of(user), "phone", below.pk) == Access.MASKED
