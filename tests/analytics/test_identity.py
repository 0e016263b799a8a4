"""What tells two records of one person from two people."""

from __future__ import annotations

from datetime import date
from math import isclose, log2
from typing import Any

import ibis
import pyarrow as pa
import pytest

from hearth.analytics.identity import (
    COLUMNS,
    COMPARISONS,
    model_from_json,
    model_to_json,
    refine,
    settings_of,
    starting_model,
)
from hearth.analytics.identity_clusters import Facts, Pair, accuracy, cluster, contradict
from hearth.analytics.identity_names import similar_names
from hearth.analytics.identity_pairs import MOST_SHARING, candidate_pairs
from hearth.analytics.identity_people import MOST_HOLDERS, People, Person
from hearth.analytics.identity_signs import of_one_person, signs_of, with_levels, worth_a_look
from hearth.lib.pinyin import pinyin_key

BORN = date(1980, 5, 1)


def people(*persons: Person) -> pa.Table:
    gathered = People()
    for person in persons:
        gathered.add(person)
    return gathered.to_arrow()


def person(number: int, name: str = "", **values: Any) -> Person:
    return Person(person_id=number, name_key=pinyin_key(name or chr(0x4E00 + number)), **values)


def levels(**codes: str) -> pa.Table:
    """One scored pair with level columns; what is not named is unknown."""
    return pa.table({each.name: [codes.get(each.name, "unknown")] for each in COMPARISONS})


def test_records_become_columns_and_nothing_known_is_null() -> None:
    table = people(
        Person(person_id=1, name_key=pinyin_key("欧阳女士"), phones=[11, 12], birth_date=BORN),
        Person(person_id=2, name_key=""),
    )

    assert table.schema.names == list(COLUMNS)
    assert table.to_pylist()[0] | {"kind": "person", "sound": "ou yang nv shi", "surname": "欧阳"} == {
        **dict.fromkeys(COLUMNS),
        "person_id": 1,
        "kind": "person",
        "name": "欧阳女士",
        "sound": "ou yang nv shi",
        "surname": "欧阳",
        "is_courtesy": True,
        "phone": 11,
        "phones": [11, 12],
        "birth_date": BORN,
    }
    assert {name for name, value in table.to_pylist()[1].items() if value is not None} == {
        "person_id",
        "kind",
        "is_courtesy",
    }


def test_a_phone_of_many_says_nothing() -> None:
    table = people(*(person(number, phones=[7, 100 + number]) for number in range(MOST_HOLDERS + 1)))

    assert table["phones"].to_pylist() == [[100 + number] for number in range(MOST_HOLDERS + 1)]
    assert table["phone"].to_pylist() == [100 + number for number in range(MOST_HOLDERS + 1)]


def pairs_of(engine: Any, table: pa.Table, fresh: list[int] | None = None) -> list[tuple[int, int]]:
    engine.con.register("people", table)
    engine.con.register(
        "fresh", pa.table({"person_id": fresh or []}, schema=pa.schema({"person_id": pa.int64()}))
    )
    sql = str(ibis.to_sql(candidate_pairs(is_fresh_only=fresh is not None), dialect="duckdb"))
    return sorted(engine.con.sql(sql).fetchall())


@pytest.mark.parametrize(
    ("one", "other", "is_pair"),
    [
        ({"phones": [1, 2]}, {"phones": [3, 2]}, True),
        ({"emails": [1]}, {"emails": [1]}, True),
        ({"identity": 5}, {"identity": 5}, True),
        ({"homes": [5]}, {"homes": [5]}, True),
        ({"household": 5}, {"household": 5}, True),
        ({"name": "张三", "birth_date": BORN}, {"name": "章三", "birth_date": BORN}, True),
        ({"name": "张三", "birth_date": BORN}, {"name": "张四", "birth_date": BORN}, True),
        ({"name": "张三", "phone_ends": [1]}, {"name": "章三", "phone_ends": [1]}, True),
        ({"name": "张三", "buildings": [1]}, {"name": "章三", "buildings": [1]}, True),
        ({"name": "张三"}, {"name": "张三"}, False),
        ({"name": "张三", "phone_ends": [1]}, {"name": "李四", "phone_ends": [1]}, False),
        ({"name": "张三", "birth_date": BORN}, {"name": "李四", "birth_date": BORN}, False),
        ({"phones": [5]}, {"emails": [5]}, False),
    ],
)
def test_records_that_share_a_key_are_compared(
    engine: Any, one: dict[str, Any], other: dict[str, Any], is_pair: bool
) -> None:
    table = people(person(1, **one), person(2, **other))

    assert pairs_of(engine, table) == ([(1, 2)] if is_pair else [])


def test_a_pair_with_several_keys_is_compared_once_and_a_key_of_many_not_at_all(engine: Any) -> None:
    crowd = [person(number, household=9) for number in range(10, 11 + MOST_SHARING)]
    table = people(
        person(1, "张三", phones=[1], emails=[1]), person(2, "张三", phones=[1], emails=[1]), *crowd
    )

    assert pairs_of(engine, table) == [(1, 2)]


def test_only_pairs_with_a_fresh_record_are_compared_where_that_is_asked(engine: Any) -> None:
    table = people(*(person(number, phones=[1]) for number in (1, 2, 3)))

    assert pairs_of(engine, table, fresh=[2]) == [(1, 2), (2, 3)]


def test_columns_of_names_are_compared_by_characters() -> None:
    names = ["张三丰", "王小明", "张伟明", None, "John Smith"]
    others = ["张三风", "王小朋", "张伟东", "张三", "Jon Smith"]
    keys = [[pinyin_key(name or "").rpartition(" ") for name in column] for column in (names, others)]
    texts = [pa.array([key[part] or None for key in column]) for column in keys for part in (2, 0)]

    assert similar_names(*texts).to_pylist() == [True, True, False, False, True]


def test_weights_speak_for_and_against() -> None:
    weights = {each.name: [level.weight for level in each.levels] for each in COMPARISONS}

    assert {name: (values[0] > 0, values[-1] < 0) for name, values in weights.items()} == dict.fromkeys(
        weights, (True, True)
    )
    assert all(isclose(sum(level.u for level in each.levels), 1, abs_tol=0.01) for each in COMPARISONS)
    assert all(isclose(sum(level.m for level in each.levels), 1, abs_tol=0.01) for each in COMPARISONS)


def test_estimates_are_taken_in_as_far_as_they_are_plausible() -> None:
    model = starting_model(1_000)
    trained = settings_of(model, dialect="duckdb")
    phone = next(each for each in trained["comparisons"] if each["output_column_name"] == "phone")
    phone["comparison_levels"][1] |= {"m_probability": 0.7, "u_probability": 4e-6}
    phone["comparison_levels"][2] |= {"m_probability": 0.9, "u_probability": 1e-9}
    phone["comparison_levels"][3] |= {"m_probability": "level not observed", "u_probability": None}

    refined = refine(model, trained).comparison("phone")

    _first, second, last = model.comparison("phone").levels
    assert [(level.code, level.m, level.u) for level in refined.levels[::2]] == [
        ("same_phone", 0.7, 4e-6),
        ("else", last.m, last.u),
    ]
    assert isclose(refined.levels[1].weight, second.weight + model.estimation.furthest, rel_tol=1e-5)


def test_a_model_is_kept_and_restored() -> None:
    model = starting_model(5_000)

    assert model_from_json(model_to_json(model)) == model
    assert isclose(log2(model.prior), log2(0.2 / 5_000))


@pytest.mark.parametrize(
    ("codes", "is_one", "is_looked_at"),
    [
        ({"name": "same_name"}, True, True),
        ({"name": "same_sound"}, True, True),
        ({"name": "similar_name"}, True, True),
        ({"name": "same_surname", "phone": "same_phone", "place": "same_home"}, False, False),
        ({"name": "else", "identity": "same_identity"}, True, True),
        ({"name": "shortened_name", "phone": "same_phone"}, False, True),
        ({"name": "shortened_name", "email": "same_email"}, True, True),
        ({"name": "courtesy", "phone": "same_phone", "birth_date": "same_birth_date"}, False, True),
        ({"name": "courtesy", "birth_date": "same_birth_date"}, False, False),
    ],
)
def test_what_families_share_does_not_make_one_person(
    codes: dict[str, str], is_one: bool, is_looked_at: bool
) -> None:
    pair = levels(**codes)

    assert (of_one_person(pair).num_rows, worth_a_look(pair).num_rows) == (is_one, is_looked_at)


def test_levels_have_names_and_signs_come_by_weight() -> None:
    model = starting_model(1_000)
    numbers = {"name": 6, "phone": 0, "email": -1, "identity": -1, "birth_date": 2, "sex": 1, "place": -1}
    scored = pa.table({f"gamma_{name}": [number] for name, number in numbers.items()})

    row = with_levels(scored, model).to_pylist()[0]

    assert row == {
        "name": "same_name",
        "phone": "else",
        "email": "unknown",
        "identity": "unknown",
        "birth_date": "same_birth_date",
        "sex": "same_sex",
        "place": "unknown",
    }
    assert signs_of(row, model) == ["same_birth_date", "same_name"]


@pytest.mark.parametrize(
    ("one", "other", "is_contradiction"),
    [
        (Facts(identity=1), Facts(identity=2), True),
        (Facts(identity=1, sex="male"), Facts(identity=1, sex="female"), False),
        (Facts(identity=1), Facts(), False),
        (Facts(sex="male"), Facts(sex="female"), True),
        (Facts(birth_date=BORN), Facts(birth_date=date(1980, 1, 5)), False),
        (Facts(birth_date=BORN), Facts(birth_date=date(1990, 5, 1)), False),
        (Facts(birth_date=BORN), Facts(birth_date=date(2005, 7, 1)), True),
        (Facts(kind="person"), Facts(kind="company"), True),
    ],
)
def test_records_that_contradict_are_two(one: Facts, other: Facts, is_contradiction: bool) -> None:
    assert contradict(one, other) is is_contradiction
    assert contradict(other, one) is is_contradiction


@pytest.mark.requirement("S133")
def test_two_identity_numbers_never_end_in_one_group_however_long_the_chain() -> None:
    facts = {1: Facts(identity=1), 2: Facts(), 3: Facts(), 4: Facts(identity=2), 5: Facts(), 6: Facts()}
    chain = [Pair(1, 2, 9), Pair(2, 3, 7), Pair(3, 4, 8), Pair(5, 6, 5)]

    assert cluster(chain, facts) == [[1, 2], [3, 4], [5, 6]]


def test_groups_do_not_depend_on_the_order_of_pairs() -> None:
    facts = {number: Facts(sex="male" if number % 4 == 0 else "") for number in range(40)}
    facts[2] = Facts(sex="female")
    pairs = [Pair(number, number + 2, number % 7) for number in range(38)]

    assert cluster(pairs, facts) == cluster(reversed(pairs), facts)


def test_accuracy_counts_pairs() -> None:
    truth = {1: "a", 2: "a", 3: "a", 4: "b", 5: "b"}

    found = accuracy([[1, 2, 4]], truth)

    assert (found.precision, found.recall) == (1 / 3, 1 / 4)
    assert isclose(found.f1, 2 / 7)
    assert accuracy([], truth).precision == 1
