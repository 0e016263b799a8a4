"""The model that tells whether two records are one person: what is compared, in which levels, with which weights.

Fellegi and Sunter 1969: each comparison falls into one level; a level's weight is log2(m/u), with m its probability
among pairs of one person and u among pairs of two. Weights add up. Names agree the stronger the rarer they are
(Winkler 1989). m and u below are where estimation begins and what small data sets keep; `refine` takes in what
expectation maximisation found. A missing value on either side says nothing: weight 0.

The model is plain values. An engine is told of it in SQL text by `settings_of`; this module knows no engine.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import log2
from typing import Any

# The table `people`: a row for each record. Tokens are numbers that equal values share and nobody can turn back.
# `sound` is the name's syllables without tones; `phones`, `homes` and the like are null where nothing is known.
COLUMNS: Mapping[str, str] = {
    "person_id": "int64",
    "kind": "string",
    "name": "string",
    "sound": "string",
    "surname": "string",
    "is_courtesy": "boolean",
    "sex": "string",
    "birth_date": "date",
    "identity": "int64",
    "phone": "int64",
    "phones": "array<int64>",
    "phone_ends": "array<int64>",
    "emails": "array<int64>",
    "homes": "array<int64>",
    "buildings": "array<int64>",
    "household": "int64",
}
SIMILAR_NAMES = "similar_names"
ANY_OF = {"duckdb": "list_has_any", "spark": "arrays_overlap"}
SMALLEST = 1e-9


@dataclass(frozen=True)
class Level:
    """One degree of agreement: its condition in SQL, m and u, and the column whose rarity counts."""

    code: str
    sql: str
    m: float
    u: float
    rare_by: str = ""

    @property
    def weight(self) -> float:
        """Return log2(m/u), in bits."""
        return log2(self.m / self.u)


@dataclass(frozen=True)
class Comparison:
    """What is compared; the levels from the best to `else`, and when nothing can be said."""

    name: str
    unknown: str
    levels: tuple[Level, ...]

    def weight_of(self, code: str) -> float:
        """Return the weight of a level, 0 for the level `unknown`."""
        return next((level.weight for level in self.levels if level.code == code), 0.0)


@dataclass(frozen=True)
class Estimation:
    """How weights are estimated from records, and how far the estimates are trusted.

    `rules` choose the pairs among which every comparison is estimated but those that the rule speaks of; they keep to
    pairs among which families are rare. `certain` choose pairs that are one person beyond doubt, `certain_share` is
    the share of all true pairs they make up: together they tell the prior. With fewer records than `least_records`
    nothing is estimated, from fewer pairs than `least_pairs` no m, and no weight moves further than `furthest` bits:
    with few duplicates, estimates are chance.
    """

    rules: tuple[str, ...] = (
        "l.sound = r.sound AND l.birth_date = r.birth_date",
        "l.phone = r.phone AND l.birth_date = r.birth_date",
        "l.phone = r.phone AND l.sound = r.sound",
    )
    certain: tuple[str, ...] = ("l.name = r.name AND l.phone = r.phone", "l.identity = r.identity")
    certain_share: float = 0.55
    least_records: int = 5_000
    least_pairs: int = 200
    furthest: float = 3.0
    seed: int = 20_260_101


@dataclass(frozen=True)
class IdentityModel:
    """All comparisons, and the probability that two records drawn at random are one person."""

    comparisons: tuple[Comparison, ...]
    prior: float
    estimation: Estimation = Estimation()

    def comparison(self, name: str) -> Comparison:
        return next(each for each in self.comparisons if each.name == name)


def _any(column: str) -> str:
    return f"ANY_OF({column}_l, {column}_r)"


def _unknown(*columns: str) -> str:
    return " AND ".join(f"({column}_l IS NULL OR {column}_r IS NULL)" for column in columns)


_SWAPPED = (
    "year(birth_date_l) = year(birth_date_r) AND month(birth_date_l) = day(birth_date_r) "
    "AND day(birth_date_l) = month(birth_date_r)"
)
_TWO_OF_THREE = " + ".join(
    f"CAST({part}(birth_date_l) = {part}(birth_date_r) AS INT)" for part in ("year", "month", "day")
)

# Names one edit apart share their first character or all others: most pairs are put aside without a call.
_SIMILAR = (
    "(substr(name_l, 1, 1) = substr(name_r, 1, 1) OR substr(name_l, 2) = substr(name_r, 2)) "
    f"AND {SIMILAR_NAMES}(name_l, sound_l, name_r, sound_r)"
)
_SHORTENED = "surname_l = surname_r AND length(name_l) <> length(name_r)"

COMPARISONS = (
    Comparison(
        "name",
        _unknown("name"),
        (
            Level("same_name", "name_l = name_r", 0.72, 6e-5, rare_by="name"),
            Level("same_sound", "sound_l = sound_r", 0.10, 1.2e-4, rare_by="sound"),
            Level("shortened_name", f"{_SHORTENED} AND {_SIMILAR}", 0.02, 1e-4),
            Level("similar_name", _SIMILAR, 0.07, 1e-4),
            Level("courtesy", "surname_l = surname_r AND (is_courtesy_l OR is_courtesy_r)", 0.03, 1e-3),
            Level("same_surname", "surname_l = surname_r", 0.03, 2.5e-2),
            Level("else", "ELSE", 0.03, 0.972),
        ),
    ),
    Comparison(
        "phone",
        _unknown("phones"),
        (
            Level("same_phone", f"phone_l = phone_r OR {_any('phones')}", 0.80, 2e-6),
            Level("same_last_four", _any("phone_ends"), 0.05, 1.2e-4),
            Level("else", "ELSE", 0.15, 0.999878),
        ),
    ),
    Comparison(
        "email",
        _unknown("emails"),
        (Level("same_email", _any("emails"), 0.85, 1e-6), Level("else", "ELSE", 0.15, 0.999999)),
    ),
    Comparison(
        "identity",
        _unknown("identity"),
        (
            Level("same_identity", "identity_l = identity_r", 0.999, 1e-7),
            Level("else", "ELSE", 0.001, 0.9999999),
        ),
    ),
    Comparison(
        "birth_date",
        _unknown("birth_date"),
        (
            Level("same_birth_date", "birth_date_l = birth_date_r", 0.90, 5e-5),
            Level("near_birth_date", f"({_SWAPPED}) OR ({_TWO_OF_THREE}) = 2", 0.08, 5e-3),
            Level("else", "ELSE", 0.02, 0.99495),
        ),
    ),
    Comparison(
        "sex",
        _unknown("sex"),
        (Level("same_sex", "sex_l = sex_r", 0.99, 0.50), Level("else", "ELSE", 0.01, 0.50)),
    ),
    Comparison(
        "place",
        _unknown("homes", "household"),
        (
            Level("same_home", f"{_any('homes')} OR household_l = household_r", 0.85, 3e-6),
            Level("same_building", _any("buildings"), 0.04, 5e-5),
            Level("else", "ELSE", 0.11, 0.999947),
        ),
    ),
)  # fmt: skip


def starting_model(records: int) -> IdentityModel:
    """Return the model before estimation, for a number of records of which one in five has a double."""
    return IdentityModel(COMPARISONS, prior=min(0.5, 0.2 / max(records, 1)))


def settings_of(model: IdentityModel, *, dialect: str) -> dict[str, Any]:
    """Write the model as settings of Splink 5 for an engine; `dialect` is `duckdb` or `spark`."""
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": "person_id",
        "probability_two_random_records_match": model.prior,
        "retain_matching_columns": True,
        "max_iterations": 15,
        "em_convergence": 0.001,
        "blocking_rules_to_generate_predictions": [],
        "comparisons": [_settings_of_comparison(each, dialect) for each in model.comparisons],
    }


def refine(model: IdentityModel, trained: Mapping[str, Any]) -> IdentityModel:
    """Take in m, u and prior of trained Splink settings, as far as they stay plausible.

    A level that was never seen keeps its values.
    """
    found = {each["output_column_name"]: each["comparison_levels"] for each in trained["comparisons"]}
    comparisons = tuple(
        replace(
            each,
            levels=tuple(
                _refine_level(level, trained_level, model.estimation.furthest)
                for level, trained_level in zip(each.levels, found[each.name][1:], strict=True)
            ),
        )
        for each in model.comparisons
    )
    prior = _rounded(trained["probability_two_random_records_match"])
    return replace(model, comparisons=comparisons, prior=prior)


def model_to_json(model: IdentityModel) -> dict[str, Any]:
    """Keep prior and every level's m and u."""
    weights = {
        each.name: {level.code: [level.m, level.u] for level in each.levels} for each in model.comparisons
    }
    return {"prior": model.prior, "weights": weights}


def model_from_json(kept: Mapping[str, Any]) -> IdentityModel:
    """Return a kept model; a level that was not kept has the values it begins with."""

    def restore(comparison: Comparison, level: Level) -> Level:
        m, u = kept["weights"].get(comparison.name, {}).get(level.code, (level.m, level.u))
        return replace(level, m=m, u=u)

    comparisons = tuple(
        replace(each, levels=tuple(restore(each, level) for level in each.levels)) for each in COMPARISONS
    )
    return IdentityModel(comparisons, kept["prior"])


def _settings_of_comparison(comparison: Comparison, dialect: str) -> dict[str, Any]:
    def spoken(sql: str) -> str:
        return sql.replace("ANY_OF", ANY_OF[dialect])

    levels: list[dict[str, Any]] = [
        {"sql_condition": comparison.unknown, "label_for_charts": "unknown", "is_null_level": True}
    ]
    for level in comparison.levels:
        written: dict[str, Any] = {
            "sql_condition": spoken(level.sql),
            "label_for_charts": level.code,
            "m_probability": level.m,
            "u_probability": level.u,
        }
        if level.rare_by:
            written |= {"tf_adjustment_column": level.rare_by, "tf_minimum_u_value": SMALLEST}
        levels.append(written)
    return {"output_column_name": comparison.name, "comparison_levels": levels}


def _refine_level(level: Level, trained: Mapping[str, Any], furthest: float) -> Level:
    m, u = (_probability(trained.get(f"{name}_probability")) for name in ("m", "u"))
    if m is None and u is None:
        return level
    m, u = m or level.m, u or level.u
    moved = log2(m / u) - level.weight
    if abs(moved) > furthest:
        m = min(1.0, u * 2 ** (level.weight + (furthest if moved > 0 else -furthest)))
    return replace(level, m=_rounded(m), u=_rounded(u))


def _rounded(probability: float) -> float:
    """Cut what depends on the order in which an engine's threads add up."""
    return float(f"{probability:.6g}")


def _probability(value: Any) -> float | None:
    return max(float(value), SMALLEST) if isinstance(value, int | float) else None
