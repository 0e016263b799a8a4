"""What stands in a file: the rows and columns its reader may see when it is written, in each format."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils.timezone import localdate

from hearth.core.actor import Actor
from hearth.core.errors import NotAllowed
from hearth.core.models import EventRecord
from hearth.custom_fields.objects import custom_objects
from hearth.custom_fields.services import set_custom_values
from hearth.exports.files import folder, path_of
from hearth.exports.models import Export
from hearth.exports.permissions import EXPORT
from hearth.exports.refusals import (
    NotUnfinished,
    ReasonMissing,
    TooManyUnfinished,
    UnknownColumn,
    UnknownFilter,
)
from hearth.exports.selectors import Chosen
from hearth.exports.services import ask_export, cancel_export, write_export, writing
from hearth.lib.typed_tables import TableFormat
from hearth.lists.definitions import lists
from hearth.lists.selectors import read_batch
from hearth.organization.models import OrgUnit
from tests.cases.builders import make_case
from tests.custom_fields.builders import make_field
from tests.customers.builders import make_customer, make_home
from tests.exports.builders import (
    NOW,
    actor_of,
    content_of,
    make_export,
    make_exporter,
    names_in,
    write,
)
from tests.organization.builders import make_actor
from tests.sales.builders import make_contract

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("table_format", list(TableFormat))
def test_a_file_holds_what_the_list_shows(company: OrgUnit, table_format: str) -> None:
    make_customer(company, name="王伟", phone="13800001234")
    make_customer(company, name="李娜", phone="13900005678")
    user = make_exporter(company)

    export = write(
        make_export(user, "name", "phone", "homes", table_format=table_format, parameters={"sort": "name"})
    )

    columns, rows = content_of(export)
    assert (export.state, export.total_rows, export.written_rows) == ("done", 2, 2)
    is_for_programs = table_format in ("ndjson", "parquet")
    assert columns == (["name", "phone", "homes"] if is_for_programs else ["Name", "Phone", "Homes"])
    assert [row[0] for row in rows] == ["李娜", "王伟"]
    assert {str(row[1]).replace(" ", "") for row in rows} == {"13800001234", "13900005678"}
    assert {Decimal(row[2]) for row in rows} == {0}


def test_headings_and_words_are_in_the_language_of_who_asked(company: OrgUnit) -> None:
    make_customer(company, name="王伟")

    export = write(make_export(make_exporter(company), "name", "kind", language="zh-hans"))

    assert content_of(export) == (["姓名", "类型"], [["王伟", "个人"]])


def test_amounts_and_days_are_numbers_and_days_in_a_workbook(company: OrgUnit) -> None:
    contract = make_contract(make_home(company), make_customer(company))
    user = make_exporter(company)

    export = write(make_export(user, "number", "signed", "total", "id", key="contracts", table_format="xlsx"))

    assert content_of(export)[1] == [
        [contract.number, contract.signed_date, contract.total_amount, str(contract.pk)]
    ]
    assert isinstance(content_of(export)[1][0][1], date)


def test_filters_the_search_and_chosen_rows_decide_which_rows(company: OrgUnit) -> None:
    roof = make_case(company, title="屋顶渗漏", grade="hot")
    make_case(company, title="门锁坏了")
    user = make_exporter(company)

    by_filter = write(
        make_export(user, "title", key="cases", parameters={"grade": "hot", "columns": "topic"})
    )
    by_search = write(make_export(user, "title", key="cases", parameters={"q": "门锁"}))
    by_hand = write(make_export(user, "title", key="cases", parameters={"q": "门锁"}, row_ids=[roof.pk]))

    assert names_in(by_filter) == ["屋顶渗漏"]
    assert names_in(by_search) == ["门锁坏了"]
    assert names_in(by_hand) == ["屋顶渗漏"]


def test_rows_come_in_the_order_of_the_list_across_portions(
    company: OrgUnit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "PORTION", 2)
    cases = [make_case(company) for _number in range(5)]

    export = write(make_export(make_exporter(company), "id", key="cases", parameters={"sort": "-number"}))

    assert [row[0] for row in content_of(export)[1]] == [str(case.pk) for case in cases]


def test_a_list_without_rows_gives_a_file_without_rows(company: OrgUnit) -> None:
    user = make_exporter(company)

    found = [
        write(make_export(user, "name", table_format=table_format)) for table_format in list(TableFormat)
    ]

    assert [(export.state, export.total_rows) for export in found] == [("done", 0)] * 5


@pytest.mark.parametrize("rows", [1, 3])
def test_a_portion_takes_the_same_queries_whatever_its_rows(
    company: OrgUnit, rows: int, django_assert_num_queries: Any
) -> None:
    for number in range(rows):
        make_customer(company, phone=f"1380000000{number}")
    export = make_export(make_exporter(company), "name", "phone", "place")
    export = Export.objects.select_related("created_by").get(pk=export.pk)

    with django_assert_num_queries(35):
        write_export(export, now=NOW)


def test_what_is_asked_must_make_sense(company: OrgUnit) -> None:
    user = make_exporter(company)

    with pytest.raises(UnknownColumn):
        make_export(user, "name", "secret")
    with pytest.raises(UnknownFilter):
        make_export(user, parameters={"stage": "pre_owner", "colour": "red"})
    with pytest.raises(ReasonMissing):
        ask_export(
            Chosen(lists["customers"], {}),
            columns=["name"],
            table_format="csv",
            reason="  x ",
            actor=actor_of(user),
            now=NOW,
        )

    assert Export.objects.count() == 0


def test_a_person_has_a_few_files_written_at_a_time(company: OrgUnit) -> None:
    user, other = make_exporter(company), make_exporter(company)
    for _number in range(5):
        make_export(user)

    with pytest.raises(TooManyUnfinished):
        make_export(user)

    assert make_export(other).state == "waiting"


def test_the_file_is_audited_with_who_what_and_how_many(company: OrgUnit) -> None:
    make_customer(company)
    user = make_exporter(company)

    export = write(make_export(user, "name", "phone", table_format="xlsx"))

    event = EventRecord.objects.get(type="exports.list_exported")
    assert (event.subject_id, event.actor_id) == (export.pk, user.pk)
    assert event.payload == {
        "object_key": "customers",
        "format": "xlsx",
        "rows": 1,
        "columns": ["name", "phone"],
        "source_key": "",
        "source_id": None,
    }
    assert export.reason == "年度回访名单"


def test_an_export_is_given_up_before_and_while_it_is_written(
    company: OrgUnit, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = make_exporter(company)
    make_customer(company)
    waiting, running = make_export(user), make_export(user)
    cancel_export(waiting, actor=actor_of(user), now=NOW)

    def give_up(*arguments: Any, **values: Any) -> Any:
        cancel_export(running, actor=actor_of(user), now=NOW)
        return read_batch(*arguments, **values)

    monkeypatch.setattr(writing, "read_batch", give_up)

    assert [write(each).state for each in (waiting, running)] == ["cancelled", "cancelled"]
    assert list(folder().iterdir()) == []
    with pytest.raises(NotUnfinished):
        cancel_export(running, actor=actor_of(user), now=NOW)
    with pytest.raises(NotAllowed):
        cancel_export(make_export(user), actor=make_actor(company, EXPORT), now=NOW)


def test_a_failure_is_kept_and_told(company: OrgUnit, monkeypatch: pytest.MonkeyPatch) -> None:
    make_customer(company)
    export = make_export(make_exporter(company))

    def fail(*_arguments: Any, **_values: Any) -> Any:
        raise OSError("disk full")

    monkeypatch.setattr(writing, "read_batch", fail)

    with pytest.raises(OSError, match="disk full"):
        write(export)

    export.refresh_from_db()
    assert (export.state, export.error_code) == ("failed", "unexpected")
    assert list(folder().iterdir()) == []


def test_writing_again_after_the_end_does_nothing(company: OrgUnit) -> None:
    export = write(make_export(make_exporter(company)))
    before = path_of(export).stat().st_mtime_ns

    again = write(export)

    assert (again.state, again.attempts) == ("done", 1)
    assert path_of(again).stat().st_mtime_ns == before
    assert EventRecord.objects.filter(type="exports.list_exported").count() == 1


def test_today_in_the_name_is_the_day_of_the_place(company: OrgUnit) -> None:
    assert make_export(make_exporter(company)).name == f"Customers {localdate(NOW)}"


def test_fields_of_the_companys_own_are_typed_and_sealed_ones_opened(company: OrgUnit, actor: Actor) -> None:
    make_field(company, key="cars", kind="number")
    make_field(company, key="rent", kind="money")
    make_field(company, key="since", kind="date")
    make_field(company, key="pets", kind="choices", choices=("猫", "狗"))
    make_field(company, key="health", is_sensitive=True)
    values = {"cars": "0", "rent": "3500.5", "since": "2024-05-01", "pets": ["猫", "狗"], "health": "良好"}
    set_custom_values(custom_objects["customer"], make_customer(company), values, actor=actor, now=NOW)
    columns = [f"custom_{key}" for key in values]

    export = write(make_export(make_exporter(company), *columns, table_format="parquet"))

    assert content_of(export) == (
        columns,
        [[Decimal(0), Decimal("3500.50"), date(2024, 5, 1), "猫, 狗", "良好"]],
    )
