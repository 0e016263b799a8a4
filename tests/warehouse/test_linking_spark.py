"""The same links on both engines."""

from __future__ import annotations

from typing import Any

import pytest

from hearth.analytics.identity import starting_model
from hearth.analytics.identity_groups import group
from hearth.demo.register import make_register
from hearth.demo.register.table import people_of
from hearth.warehouse.linking import Links, link

SIZE = 1_000


def scores_of(links: Links) -> dict[tuple[int, int], Any]:
    return {(row.pop("person_id_l"), row.pop("person_id_r")): row for row in links.pairs.to_pylist()}


@pytest.mark.spark
@pytest.mark.requirement("S133")
def test_spark_finds_the_links_that_duckdb_finds() -> None:
    people = people_of(make_register(SIZE).entries)

    here = link(people, starting_model(SIZE), least_weight=0.0)
    there = link(people, here.model, least_weight=0.0, is_training=False, engine="spark")

    expected, found = scores_of(here), scores_of(there)
    assert there.compared == here.compared
    assert found.keys() == expected.keys()
    for pair, row in found.items():
        assert row == pytest.approx(expected[pair], abs=1e-6)
    assert group(people, there.pairs, there.model) == group(people, here.pairs, here.model)
