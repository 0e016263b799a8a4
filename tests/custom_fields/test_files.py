"""Custom fields of homes, contracts and cases as columns of files."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Model

from hearth.cases.models import Case
from hearth.core.actor import Actor
from hearth.imports.kinds import import_kinds
from hearth.imports.models import ImportJob
from hearth.imports.services import (
    change_mapping,
    commit_file,
    receive_file,
    revert_file,
    revert_import,
    start_check,
    start_commit,
)
from hearth.imports.wording import explain_in_place
from hearth.organization.models import OrgUnit, Role
from hearth.properties.models import Unit
from hearth.sales.models import Contract
from tests.custom_fields.builders import make_field
from tests.customers.builders import make_customer
from tests.organization.builders import make_actor
from tests.properties.builders import make_building, make_project, make_unit

pytestmark = pytest.mark.django_db

FILES: Mapping[str, tuple[str, str, type[Model], str]] = {
    "unit": ("units", "项目,楼栋,房号,{}", Unit, "金色家园,2栋,{number},{cells}"),
    "contract": (
        "contracts",
        "合同编号,客户编号,房间编号,签约日期,合同总价,{}",
        Contract,
        "HT-{number},K1,H-{number},2025-06-01,200万,{cells}",
    ),
    "case": (
        "cases",
        "工单号,标题,登记时间,房间编号,{}",
        Case,
        "{number},漏水,2025-06-01 10:00,H-{number},{cells}",
    ),
}
RIGHTS = (
    "imports.run",
    "properties.view",
    "properties.change",
    "customers.view",
    "customers.change",
    "sales.view",
    "sales.change",
    "cases.view",
    "cases.change",
)


@pytest.fixture
def town(company: OrgUnit) -> OrgUnit:
    """A company with a customer and three homes."""
    building = make_building(make_project(company, name="金色家园", code="JS"), name="2栋")
    for number in (1, 2, 3):
        make_unit(building, number=f"90{number}", external_key=f"H-{number}")
    make_customer(company, external_key="K1")
    return company


def check(
    folder: Path, place: OrgUnit, code: str, columns: str, *cells: str, actor: Actor, now: datetime
) -> ImportJob:
    """Check a file whose rows end with the cells of custom columns."""
    kind, header, _model, line = FILES[code]
    path = folder / f"{code}-{len(cells)}.csv"
    rows = [line.format(number=number, cells=each) for number, each in enumerate(cells, start=1)]
    path.write_text("\n".join([header.format(columns), *rows]) + "\n")
    job = receive_file(path, kind=kind, org_unit=place, actor=actor, now=now)
    return start_check(job, actor=actor, now=now)


def words_of(job: ImportJob) -> list[str]:
    return [explain_in_place(issue, import_kinds[job.kind]) for issue in job.issues.order_by("row", "id")]


@pytest.mark.requirement("S132")
@pytest.mark.parametrize("code", FILES)
def test_a_file_brings_values_of_every_type(
    code: str, tmp_path: Path, town: OrgUnit, actor: Actor, now: datetime
) -> None:
    for key, kind in (("depth", "number"), ("seen", "date"), ("wet", "yes_no"), ("pledge", "money")):
        make_field(town, object_code=code, key=key, kind=kind)
    make_field(town, object_code=code, key="ways", kind="choices", choices=("水", "电", "气"))
    make_field(town, object_code=code, key="code", is_sensitive=True)
    columns = "depth,seen,wet,pledge,ways,code"

    job = check(tmp_path, town, code, columns, "1.50,2024年5月31日,是,1200,水；气,甲乙", actor=actor, now=now)
    start_commit(job, good_rows_only=False, actor=actor, now=now)
    done = commit_file(job, actor=actor, now=now)

    model = FILES[code][2]
    (record,) = model._default_manager.filter(created_at=now, custom__has_key="depth")
    custom: dict[str, Any] = getattr(record, "custom")  # noqa: B009  (each object's model has it)
    sealed = custom.pop("code")
    assert (words_of(job), done.created_rows) == ([], 1)
    assert custom == {
        "depth": "1.50",
        "seen": "2024-05-31",
        "wet": True,
        "pledge": "1200",
        "ways": ["水", "气"],
    }
    assert list(sealed) == ["sealed"]


@pytest.mark.parametrize("code", FILES)
def test_values_that_do_not_fit_and_required_ones_that_are_missing_keep_their_row_out(
    code: str, tmp_path: Path, town: OrgUnit, actor: Actor, now: datetime
) -> None:
    make_field(town, object_code=code, key="depth", kind="number", maximum=9, is_required=True)

    job = check(tmp_path, town, code, "depth", "tief", "", "10", actor=actor, now=now)

    assert words_of(job) == [
        "第 2 行“depth”列的“tief”：该值不符合要求。这不是数字。",
        "第 3 行“depth”列：该值不符合要求。此字段必填。",
        "第 4 行“depth”列的“10”：该值不符合要求。不得高于 9.00。",
    ]


@pytest.mark.parametrize("code", FILES)
def test_a_field_that_one_may_not_change_is_refused(
    code: str, tmp_path: Path, town: OrgUnit, now: datetime
) -> None:
    make_field(town, object_code=code, key="secret", change_roles=("legal",))
    clerk, lawyer = (make_actor(town, *RIGHTS) for _ in range(2))
    Role.objects.filter(memberships__user=lawyer.user_id).update(code="legal")

    refused = check(tmp_path, town, code, "secret", "x", actor=clerk, now=now)
    admitted = check(tmp_path, town, code, "secret", "x", "y", actor=lawyer, now=now)

    assert words_of(refused) == ["第 2 行“secret”列的“x”：此组织没有该字段，或您无权修改。"]
    assert words_of(admitted) == []


def test_a_known_home_keeps_what_the_file_leaves_empty_and_gets_its_values_back(
    tmp_path: Path, town: OrgUnit, actor: Actor, now: datetime
) -> None:
    make_field(town, object_code="unit", key="depth", kind="number", is_required=True)
    make_field(town, object_code="unit", key="view")
    home = Unit.objects.get(external_key="H-1")
    Unit.objects.filter(pk=home.pk).update(custom={"depth": "3", "view": "海"})
    path = tmp_path / "homes.csv"
    path.write_text("项目,楼栋,房号,depth,view\n金色家园,2栋,901,,山\n")
    job = receive_file(path, kind="units", org_unit=town, actor=actor, now=now)
    job = change_mapping(job, job.mapping, {"update_existing": True}, actor=actor, now=now)
    start_commit(start_check(job, actor=actor, now=now), good_rows_only=False, actor=actor, now=now)
    done = commit_file(job, actor=actor, now=now)
    changed = Unit.objects.get(pk=home.pk).custom

    revert_import(done, actor=actor, now=now)
    revert_file(done, actor=actor, now=now)

    assert done.updated_rows == 1
    assert changed == {"depth": "3", "view": "山"}
    assert Unit.objects.get(pk=home.pk).custom == {"depth": "3", "view": "海"}
