"""Finding one person's records with the engine: how good it is, and that it always says the same."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from hearth.analytics.identity import starting_model
from hearth.analytics.identity_clusters import accuracy
from hearth.analytics.identity_groups import group, likely_pairs
from hearth.analytics.identity_people import People, Person
from hearth.demo.register import make_register
from hearth.demo.register.table import people_of
from hearth.lib.pinyin import pinyin_key
from hearth.warehouse.linking import Links, link

pytestmark = pytest.mark.slow
SIZE = 8_000


@pytest.fixture(scope="module")
def register() -> tuple[dict[int, int], Any, Links]:
    """The truth of an invented register, its table, and what is found in it."""
    made = make_register(SIZE)
    people = people_of(made.entries)
    return made.true_persons(), people, link(people, starting_model(SIZE), least_weight=0.0)


@pytest.mark.requirement("S133")
def test_what_is_found_in_an_invented_register_is_true_and_nearly_all(
    register: tuple[dict[int, int], Any, Links],
) -> None:
    truth, people, links = register

    found = accuracy(group(people, links.pairs, links.model), truth)

    assert found.precision >= 0.999
    assert found.f1 >= 0.94


def test_what_is_compared_grows_as_records_do(register: tuple[dict[int, int], Any, Links]) -> None:
    _truth, _people, links = register

    assert links.compared < 3 * SIZE


def test_the_same_records_give_the_same_scores(register: tuple[dict[int, int], Any, Links]) -> None:
    _truth, people, links = register

    again = link(people, starting_model(SIZE), least_weight=0.0)

    order = [("person_id_l", "ascending"), ("person_id_r", "ascending")]
    assert again.model == links.model
    assert again.pairs.sort_by(order).equals(links.pairs.sort_by(order))


def test_the_pairs_of_fresh_records_have_the_scores_of_a_whole_run(
    register: tuple[dict[int, int], Any, Links],
) -> None:
    _truth, people, links = register
    scores = {
        (row["person_id_l"], row["person_id_r"]): row["match_weight"] for row in links.pairs.to_pylist()
    }
    fresh = {next(iter(scores))[0]}

    part = link(
        people,
        links.model,
        least_weight=0.0,
        fresh=pa.table({"person_id": sorted(fresh)}),
        is_training=False,
    )

    found = {(row["person_id_l"], row["person_id_r"]): row["match_weight"] for row in part.pairs.to_pylist()}
    assert found == {pair: weight for pair, weight in scores.items() if fresh & set(pair)}


def table_of(*persons: Person) -> People:
    people = People()
    for person in persons:
        people.add(person)
    return people


def test_a_person_is_told_from_the_family_and_the_twin() -> None:
    born = date(2010, 3, 4)
    home: dict[str, Any] = {"phones": [1], "homes": [2], "household": 3}
    people = table_of(
        Person(person_id=1, name_key=pinyin_key("李明阳"), birth_date=born, sex="male", **home),
        Person(person_id=2, name_key=pinyin_key("李明月"), birth_date=born, sex="male", **home),
        Person(person_id=3, name_key=pinyin_key("李建国"), sex="male", **home),
        Person(person_id=4, name_key=pinyin_key("李建郭"), sex="male", phones=[1], homes=[2]),
        Person(person_id=5, name_key=pinyin_key("李先生"), sex="male", phones=[1]),
    ).to_arrow()

    links = link(people, starting_model(1_000), least_weight=0.0, is_training=False)

    assert group(people, links.pairs, links.model) == [[3, 4]]
    pairs = {(pair.left, pair.right): pair.signs for pair in likely_pairs(people, links.pairs, links.model)}
    assert pairs[3, 4] == ("same_phone", "same_home", "same_sound")
    assert (1, 2) not in pairs
    assert pairs[3, 5] == ("same_phone", "courtesy")


def test_few_records_are_compared_with_the_weights_the_model_began_with() -> None:
    people = table_of(
        Person(person_id=1, name_key=pinyin_key("王伟"), phones=[1]),
        Person(person_id=2, name_key=pinyin_key("王伟"), phones=[1]),
        Person(person_id=3, name_key=pinyin_key("赵敏"), phones=[2]),
    ).to_arrow()

    links = link(people, starting_model(3), least_weight=0.0)

    assert group(people, links.pairs, links.model) == [[1, 2]]
    assert links.model.comparison("phone") == starting_model(3).comparison("phone")


def test_many_records_without_a_double_or_a_birth_date_teach_nothing_of_doubles() -> None:
    gathered = People()
    for number in range(5_200):
        name_key = f"wang {chr(0x4E00 + number)} 王{chr(0x4E00 + number)}"
        gathered.add(Person(person_id=number, name_key=name_key, phones=[number]))
    people, begun = gathered.to_arrow(), starting_model(5_200)

    links = link(people, begun, least_weight=0.0)

    assert links.pairs.num_rows == 0
    assert links.model.prior == pytest.approx(begun.prior, rel=1e-4)
    assert [level.m for level in links.model.comparison("phone").levels] == [
        level.m for level in begun.comparison("phone").levels
    ]


def test_no_records_have_no_pairs() -> None:
    links = link(People().to_arrow(), starting_model(0), least_weight=0.0)

    assert (links.pairs.num_rows, links.compared) == (0, 0)
