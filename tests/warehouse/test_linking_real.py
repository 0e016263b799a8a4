"""The engine and the groups on public sets of records with errors, where the real data are."""

from __future__ import annotations

import csv
from collections import defaultdict
from math import inf
from pathlib import Path

import pyarrow as pa
import pytest

from hearth.analytics.identity import Comparison, Estimation, IdentityModel, Level
from hearth.analytics.identity_clusters import Facts, Pair, accuracy, cluster
from hearth.warehouse.linking import link
from tests.analytics.conftest import SHARED_DATA

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not SHARED_DATA.exists(), reason="the real data sets are not here"),
]
FEBRL = ["given_name", "surname", "street_number", "address_1", "postcode", "date_of_birth", "soc_sec_id"]
FAKE = ["first_name", "surname", "dob", "city", "email"]


def read(path: Path) -> list[dict[str, str | None]]:
    with path.open(encoding="utf-8") as file:
        rows = csv.DictReader(file, skipinitialspace=True)
        return [{name: value.strip() or None for name, value in row.items()} for row in rows]


def text(column: str, *, rare: bool = False, distant: bool = True) -> Comparison:
    """Compare by characters: the same, one or two edits apart, much alike, or not."""
    edits = f"levenshtein({column}_l, {column}_r)"
    levels = [
        Level("same", f"{column}_l = {column}_r", 0.8, 0.01, rare_by=column if rare else ""),
        Level("near", f"{edits} <= 2", 0.1, 0.02),
    ]
    if distant:
        levels.append(Level("alike", f"jaro_winkler_similarity({column}_l, {column}_r) >= 0.8", 0.05, 0.05))
    return Comparison(
        column, f"{column}_l IS NULL OR {column}_r IS NULL", (*levels, Level("else", "ELSE", 0.05, 0.9))
    )


def sharing(*keys: tuple[str, ...]) -> str:
    """Select the pairs that agree in all columns of one of the keys."""
    parts = [
        "SELECT l.person_id AS person_id_l, r.person_id AS person_id_r FROM people AS l JOIN people AS r ON "
        + " AND ".join(f"l.{column} = r.{column}" for column in key)
        + " WHERE l.person_id < r.person_id"
        for key in keys
    ]
    return " UNION ".join(parts)


def found_in(
    rows: list[dict[str, str | None]], columns: list[str], model: IdentityModel, candidates: str, least: float
) -> list[list[int]]:
    people = pa.Table.from_pylist(
        [{"person_id": at} | {name: row[name] for name in columns} for at, row in enumerate(rows)]
    )
    pairs = link(people, model, least_weight=least, candidates=candidates).pairs
    names = ("person_id_l", "person_id_r", "match_weight")
    scored = [Pair(*row) for row in zip(*(pairs[name].to_pylist() for name in names), strict=True)]
    return cluster(scored, defaultdict(Facts))


@pytest.mark.parametrize("number", [1, 2, 3])
def test_the_febrl_sets_are_found(number: int) -> None:
    rows = read(SHARED_DATA / "febrl" / f"dataset{number}.csv")
    truth = {at: str(row["rec_id"]).split("-")[1] for at, row in enumerate(rows)}
    model = IdentityModel(
        (
            text("given_name", rare=True),
            text("surname", rare=True),
            text("date_of_birth", distant=False),
            text("soc_sec_id", distant=False),
            text("postcode", distant=False),
            text("street_number", rare=True, distant=False),
            text("address_1"),
        ),
        prior=1e-4,
        estimation=Estimation(
            rules=(
                "l.date_of_birth = r.date_of_birth",
                "l.postcode = r.postcode",
                "l.soc_sec_id = r.soc_sec_id",
            ),
            certain=("l.soc_sec_id = r.soc_sec_id",),
            certain_share=0.7,
            least_records=0,
            least_pairs=1,
            furthest=inf,
        ),
    )
    keys = (
        ("soc_sec_id",), ("date_of_birth",), ("surname", "given_name"), ("postcode", "surname"),
        ("postcode", "given_name"), ("street_number", "address_1"), ("address_1", "postcode"),
    )  # fmt: skip

    found = accuracy(found_in(rows, FEBRL, model, sharing(*keys), least=2.0), truth)

    assert found.f1 >= 0.985
    assert found.precision >= 0.999


def test_the_invented_persons_of_splink_are_found() -> None:
    rows = read(SHARED_DATA / "persons_fake" / "fake_1000.csv")
    truth = {at: str(row["cluster"]) for at, row in enumerate(rows)}
    model = IdentityModel(
        (
            text("first_name", rare=True),
            text("surname", rare=True),
            text("dob", distant=False),
            text("city", rare=True, distant=False),
            text("email"),
        ),
        prior=1e-3,
        estimation=Estimation(
            rules=(
                "l.dob = r.dob",
                "l.first_name = r.first_name AND l.surname = r.surname",
                "l.email = r.email",
            ),
            certain=(
                "l.email = r.email",
                "l.first_name = r.first_name AND l.surname = r.surname AND l.dob = r.dob",
            ),
            certain_share=0.6,
            least_records=0,
            least_pairs=1,
            furthest=inf,
        ),
    )
    keys = (("first_name",), ("surname",), ("dob",), ("email",))

    found = accuracy(found_in(rows, FAKE, model, sharing(*keys), least=2.0), truth)

    assert found.precision >= 0.95
    assert found.f1 >= 0.90
