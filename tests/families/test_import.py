"""Who belongs to whom, from a file: every contradiction keeps its row out."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hearth.core.actor import Actor
from hearth.core.models import EventRecord
from hearth.customers.models import Customer
from hearth.customers.permissions import CHANGE_CUSTOMER, VIEW_CUSTOMER
from hearth.families.import_kind import MESSAGES, RelationshipLoader
from hearth.families.models import Relationship
from hearth.families.services import NewRelationship, RelationshipChanged, relate_many
from hearth.imports.kinds import ImportContext, Row, import_kinds
from hearth.imports.mapping import guess_sources
from hearth.imports.models import ImportJob
from hearth.imports.services import (
    commit_file,
    receive_file,
    revert_file,
    revert_import,
    start_check,
    start_commit,
)
from hearth.lib.identifiers import uuid7
from hearth.organization.models import OrgUnit
from tests.customers.builders import make_customer
from tests.families.builders import make_relationship
from tests.organization.builders import make_actor, make_org_unit

pytestmark = pytest.mark.django_db
HEADER = "客户编号,与客户关系,关联客户编号,职务,开始日期,结束日期"


def make_loader(place: OrgUnit, actor: Actor, now: datetime) -> RelationshipLoader:
    return RelationshipLoader(ImportContext(uuid7(), place, actor, now, {}))


def row_of(number: int, line: str, **further: Any) -> Row:
    """Read `K1 parent K2`: K2 is the parent of K1."""
    one, relation, another = line.split()
    return Row(number, {"customer_key": one, "relation": relation, "other_key": another, **further})


def codes_of(loader: RelationshipLoader, *lines: str) -> list[str]:
    """Check lines, each in a batch of its own, and return what is wrong with the last one."""
    codes: list[str] = []
    for number, line in enumerate(lines, start=2):
        codes = [problem.code for problem in loader.check([row_of(number, line)])]
    return codes


@pytest.fixture
def people(company: OrgUnit) -> dict[str, Customer]:
    """Five people and a company by their keys; K5 is a child."""
    born = {"K5": date(2015, 6, 1), "K4": date(1980, 6, 1)}
    found = {
        key: make_customer(company, external_key=key, name=f"客户{key}", birth_date=born.get(key))
        for key in ("K1", "K2", "K3", "K4", "K5")
    }
    return {**found, "C1": make_customer(company, external_key="C1", name="云锦公司", kind="company")}


def test_a_file_is_read_by_its_chinese_and_english_column_names(company: OrgUnit) -> None:
    kind = import_kinds["relationships"]
    english = ["Customer key", "relation", "related customer", "position", "from", "until"]

    in_chinese = guess_sources(kind, HEADER.split(","), [])
    in_english = guess_sources(kind, english, [])

    assert {name: source["column"] for name, source in in_chinese.items()} == {
        "customer_key": "客户编号",
        "relation": "与客户关系",
        "other_key": "关联客户编号",
        "position": "职务",
        "valid_from": "开始日期",
        "valid_to": "结束日期",
    }
    assert [source["column"] for source in in_english.values()] == english


def bring_in(folder: Path, place: OrgUnit, *lines: str, actor: Actor, now: datetime) -> ImportJob:
    path = folder / "relations.csv"
    path.write_text("\n".join([HEADER, *lines]) + "\n")
    job = start_check(
        receive_file(path, kind="relationships", org_unit=place, actor=actor, now=now), actor=actor, now=now
    )
    start_commit(job, good_rows_only=False, actor=actor, now=now)
    return commit_file(job, actor=actor, now=now)


def test_relationships_come_in_with_their_direction_and_go_again(
    tmp_path: Path, company: OrgUnit, people: dict[str, Customer], actor: Actor, now: datetime
) -> None:
    lines = (
        "K1,配偶,K2,,2020-05-01,",
        "K5,母亲,K1,,,",
        "K4,子女,K5,,,",
        "K3,推荐人,K1,,,",
        "K1,被推荐人,K4,,,",
        "C1,联系人,K3,经理,,",
        "K1,代理人,K3,,2020-01-01,2021-01-01",
    )
    job = bring_in(tmp_path, company, *lines, actor=actor, now=now)
    rows = Relationship.objects.order_by("id").values_list(
        "customer__external_key", "kind", "other__external_key", "position", "valid_to"
    )
    written = list(rows)
    events = list(EventRecord.objects.filter(type__startswith="relationship").values_list("type", flat=True))

    revert_import(job, actor=actor, now=now)
    back = revert_file(job, actor=actor, now=now)

    assert written == [
        ("K2", "spouse", "K1", "", None),
        ("K1", "parent", "K5", "", None),
        ("K4", "parent", "K5", "", None),
        ("K1", "referrer", "K3", "", None),
        ("K1", "referrer", "K4", "", None),
        ("K3", "contact", "C1", "经理", None),
        ("K3", "agent", "K1", "", date(2021, 1, 1)),
    ]
    assert (events.count("relationship.started"), events.count("relationship.ended")) == (14, 2)
    assert (back.state, back.reverted_rows, Relationship.objects.count()) == (ImportJob.State.REVERTED, 7, 0)


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (("K1 referrer K1",), "related_to_themselves"),
        (("K1 referrer K2", "K2 referrer K1"), "goes_round"),
        (("K1 referrer K2", "K2 referrer K3", "K3 referrer K1"), "goes_round"),
        (("K1 parent K2", "K2 child K1"), "known_in_row"),
        (("K1 parent K2", "K1 child K2"), "goes_round"),
        (("K1 spouse K2", "K2 spouse K1"), "known_in_row"),
        (("K1 spouse K2", "K3 spouse K1"), "second_spouse_in_row"),
        (("K1 referrer K2", "K1 referrer K3"), "second_referrer_in_row"),
        (("K1 parent K2", "K1 spouse K2"), "parent_and_spouse_in_row"),
        (("K1 spouse K2", "K2 parent K1"), "parent_and_spouse_in_row"),
        (("K4 parent K5",), "younger_parent"),
        (("C1 parent K1",), "persons_only"),
        (("K1 contact K2",), "contact_of_company"),
        (("K1 agent K9",), "customer_unknown"),
    ],
)
def test_a_row_that_contradicts_itself_or_a_row_before_is_refused(
    company: OrgUnit,
    people: dict[str, Customer],
    actor: Actor,
    now: datetime,
    lines: tuple[str, ...],
    code: str,
) -> None:
    loader = make_loader(company, actor, now)

    assert codes_of(loader, *lines) == [code]
    assert code in MESSAGES


@pytest.mark.parametrize(
    ("recorded", "line", "code"),
    [
        ("K2 spouse K1", "K1 spouse K2", "known"),
        ("K2 spouse K1", "K1 spouse K3", "second_spouse"),
        ("K2 referrer K1", "K1 referrer K3", "second_referrer"),
        ("K2 referrer K1", "K2 referrer K1", "goes_round"),
        ("K2 parent K1", "K1 spouse K2", "parent_and_spouse"),
    ],
)
def test_a_row_that_contradicts_what_is_recorded_is_refused(
    company: OrgUnit,
    people: dict[str, Customer],
    actor: Actor,
    now: datetime,
    recorded: str,
    line: str,
    code: str,
) -> None:
    one, kind, another = recorded.split()
    make_relationship(people[one], people[another], kind=kind)

    assert codes_of(make_loader(company, actor, now), line) == [code]


def test_a_circle_is_found_that_leads_from_the_file_to_records_and_back(
    company: OrgUnit, people: dict[str, Customer], actor: Actor, now: datetime
) -> None:
    # Recorded: K2 referred K1, K4 referred K3. The file says that K3 referred K2, and then that K1 referred K4.
    make_relationship(people["K2"], people["K1"], kind="referrer")
    make_relationship(people["K4"], people["K3"], kind="referrer")

    assert codes_of(make_loader(company, actor, now), "K2 referrer K3", "K4 referrer K1") == ["goes_round"]


def test_a_row_with_a_flaw_excludes_no_other(
    company: OrgUnit, people: dict[str, Customer], actor: Actor, now: datetime
) -> None:
    loader = make_loader(company, actor, now)

    assert codes_of(loader, "K5 spouse C1", "K5 spouse K1") == []


def test_marriages_that_are_over_leave_room_for_another(
    company: OrgUnit, people: dict[str, Customer], actor: Actor, now: datetime
) -> None:
    loader = make_loader(company, actor, now)
    over = row_of(2, "K1 spouse K2", valid_from=date(2001, 1, 1), valid_to=date(2010, 1, 1))
    turned = row_of(4, "K1 agent K2", valid_from=date(2010, 1, 1), valid_to=date(2001, 1, 1))

    problems = list(loader.check([over, row_of(3, "K1 spouse K3"), turned]))

    assert [(each.row, each.field_name, each.code) for each in problems] == [
        (4, "valid_to", "ends_before_it_begins")
    ]


def test_only_relations_of_customers_one_may_change_come_in(
    company: OrgUnit, group: OrgUnit, people: dict[str, Customer], now: datetime
) -> None:
    elsewhere = make_actor(make_org_unit(group), VIEW_CUSTOMER, CHANGE_CUSTOMER)
    reader = make_actor(company, VIEW_CUSTOMER)

    assert (
        codes_of(make_loader(company, elsewhere, now), "K1 agent K2")
        == [
            "customer_unknown",
        ]
        * 2
    )
    assert codes_of(make_loader(company, reader, now), "K1 agent K2") == ["not_allowed"]


def test_what_somebody_recorded_meanwhile_stops_the_batch(
    people: dict[str, Customer], actor: Actor, now: datetime
) -> None:
    new = NewRelationship(row=2, customer_id=people["K1"].pk, other_id=people["K2"].pk, kind="spouse")
    make_relationship(people["K1"], people["K3"], kind="spouse")

    with pytest.raises(RelationshipChanged):
        relate_many([new], actor=actor, now=now)

    assert Relationship.objects.count() == 1


def test_the_queries_do_not_grow_with_the_rows(
    company: OrgUnit, people: dict[str, Customer], actor: Actor, now: datetime
) -> None:
    make_relationship(people["K2"], people["K1"], kind="referrer")
    counts = []
    for lines in (["K3 referrer K1"], ["K3 referrer K1", "K4 referrer K1", "K5 parent K4"]):
        loader = make_loader(company, actor, now)
        with CaptureQueriesContext(connection) as queries:
            assert list(loader.check([row_of(*line) for line in enumerate(lines, start=2)])) == []
        counts.append(len(queries))

    assert counts == [8, 9]
