"""Custom fields in files and in segments."""

from datetime import datetime
from typing import Any

import pytest
from django.db import connection

from hearth.core.actor import Actor
from hearth.core.extracts import extracts
from hearth.customers.import_fields import MESSAGES
from hearth.customers.models import Customer
from hearth.imports.kinds import import_kinds
from hearth.imports.mapping import guess_sources
from hearth.organization.models import OrgUnit
from hearth.segments.catalogue import find_behaviour
from tests.custom_fields.builders import make_field
from tests.customers.builders import make_customer
from tests.customers.test_import import make_loader, rows_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def _fields(company: OrgUnit, neighbour: OrgUnit) -> None:
    """Three fields here, one of them sensitive, and one elsewhere."""
    make_field(company, key="pets", kind="choices", choices=("猫", "狗"), name_zh="宠物", name_en="Pets")
    make_field(company, key="car", name_zh="车型", name_en="Car")
    make_field(company, key="health", is_sensitive=True)
    make_field(company, key="income", view_roles=("manager",))
    make_field(neighbour, key="boat")


@pytest.mark.requirement("S132")
@pytest.mark.usefixtures("_fields")
def test_columns_of_a_file_are_recognised_by_name_or_key(company: OrgUnit) -> None:
    sources = guess_sources(
        import_kinds["customers"].whole(), ["姓名", "宠物", "car"], [["张三", "猫", "电动"]]
    )

    columns = {name: source["column"] for name, source in sources.items()}
    assert columns == {"name": "姓名", "custom_pets": "宠物", "custom_car": "car"}


@pytest.mark.requirement("S132")
@pytest.mark.usefixtures("_fields")
def test_a_file_brings_values_of_new_and_known_customers(
    company: OrgUnit, actor: Actor, now: datetime
) -> None:
    make_customer(company, external_key="K1")
    rows = rows_of(
        {"name": "张三", "external_key": "K1", "custom_pets": "猫、狗", "custom_health": "良好"},
        {"name": "李四", "external_key": "K2", "custom_car": "电动", "custom_pets": None},
    )
    loader = make_loader(company, actor, now, updates=True)

    problems = [each for each in loader.check(rows) if not each.is_warning]
    loader.write(rows)
    loader.write(rows)

    kept = {customer.external_key: customer.custom for customer in Customer.objects.all()}
    assert problems == []
    assert kept["K2"] == {"car": "电动"}
    assert kept["K1"]["pets"] == ["猫", "狗"]
    assert "sealed" in kept["K1"]["health"]


@pytest.mark.usefixtures("_fields")
@pytest.mark.parametrize(
    ("values", "code"),
    [({"custom_pets": "鱼"}, "custom_value_invalid"), ({"custom_boat": "x"}, "custom_field_not_here")],
)
def test_a_value_that_does_not_fit_keeps_its_row_out(
    company: OrgUnit, actor: Actor, now: datetime, values: dict[str, Any], code: str
) -> None:
    (problem,) = make_loader(company, actor, now).check(rows_of({"name": "张三", **values}))

    assert (problem.field_name, problem.code) == (next(iter(values)), code)
    assert str(MESSAGES[code]) % problem.params


@pytest.mark.requirement("S132")
@pytest.mark.usefixtures("_fields")
def test_segments_ask_for_values_that_everybody_may_see(
    company: OrgUnit, actor: Actor, now: datetime
) -> None:
    row = {"name": "张三", "custom_pets": "猫、狗", "custom_car": "电动", "custom_health": "良好"}
    row["custom_income"] = "十万"
    make_loader(company, actor, now).write(rows_of(row))

    with connection.cursor() as cursor:
        cursor.execute(extracts["custom_values"].sql)
        values = sorted((field, value) for _customer, field, value in cursor.fetchall())

    behaviour = find_behaviour("custom_field")
    assert behaviour
    field, value = behaviour.filters
    assert values == [("car", "电动"), ("pets", "狗"), ("pets", "猫")]
    assert [code for code, _label in field.list_choices()] == ["boat", "car", "pets"]
    assert [code for code, _label in value.list_choices()] == ["狗", "猫"]
