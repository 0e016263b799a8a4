"""Running the identity model with Splink: estimating its weights and scoring pairs, on DuckDB or Spark."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hearth.analytics.identity import IdentityModel, refine, settings_of
from hearth.analytics.identity_pairs import candidate_pairs
from hearth.postponed import Postponed
from hearth.warehouse.linking_engines import LINKING_ENGINES, LinkingEngine

if TYPE_CHECKING:
    import ibis
    import pyarrow as pa
    import splink
else:
    ibis = Postponed("ibis")
    splink = Postponed("splink")

# The columns in which Splink takes pairs that somebody else chose.
KEYED = "SELECT '0' AS match_key, person_id_l AS join_key_l, person_id_r AS join_key_r"
SAMPLED_PAIRS = 1e6
TRAINING_PAIRS = 3e5
# It tells of every level it did not see; `refine` keeps what such a level began with.
logging.getLogger("splink").setLevel(logging.ERROR)


@dataclass(frozen=True)
class Links:
    """Scored pairs: `person_id_l`, `person_id_r`, `match_weight` (bits), `match_probability`, and `gamma_*`, each
    comparison's level counted from 0 for the last one, -1 for unknown. `compared` pairs were looked at."""

    model: IdentityModel
    pairs: pa.Table
    compared: int


def link(
    people: pa.Table,
    model: IdentityModel,
    *,
    least_weight: float,
    fresh: pa.Table | None = None,
    is_training: bool = True,
    candidates: str = "",
    engine: str = "duckdb",
) -> Links:
    """Score the pairs of `people` (`identity.COLUMNS`) that share a key and return those of a weight or more.

    With `is_training`, and where there are records enough, the weights are estimated from them first: u from random
    pairs, m by expectation maximisation, both with a fixed seed, so that the same records give the same scores.
    `fresh` (a column `person_id`) keeps to pairs with one of these records. `candidates` selects other pairs than
    those that share a key of `identity_pairs`, in the SQL of the `engine`, which is `duckdb` or `spark`.
    """
    with LINKING_ENGINES[engine]() as opened:
        opened.keep("people", people)
        if is_training and people.num_rows >= model.estimation.least_records:
            model = _train(opened, model)
        if fresh is not None:
            opened.keep("fresh", fresh)
        expression = candidate_pairs(is_fresh_only=fresh is not None)
        pairs = candidates or ibis.to_sql(expression, dialect=opened.sql_dialect)
        opened.keep("candidates", f"{KEYED} FROM ({pairs})")
        compared = opened.count("SELECT count(*) FROM candidates")
        return Links(model, _score(opened, model, least_weight), compared)


def _train(opened: LinkingEngine, model: IdentityModel) -> IdentityModel:
    linker, how = _linker(opened, model), model.estimation
    training = linker.training
    if any(_pairs_of(opened, rule) for rule in how.certain):
        training.estimate_probability_two_random_records_match(list(how.certain), recall=how.certain_share)
    training.estimate_u_using_random_sampling(max_pairs=SAMPLED_PAIRS, seed=how.seed, num_chunks=1)
    for rule in how.rules:
        if _pairs_of(opened, rule) >= how.least_pairs:
            training.estimate_parameters_using_expectation_maximisation(rule, max_pairs=TRAINING_PAIRS)
    return refine(model, linker.misc.save_model_to_json())


def _pairs_of(opened: LinkingEngine, rule: str) -> int:
    return opened.count(
        f"SELECT count(*) FROM people AS l JOIN people AS r ON {rule} WHERE l.person_id < r.person_id"  # noqa: S608
    )


def _score(opened: LinkingEngine, model: IdentityModel, least_weight: float) -> pa.Table:
    linker = _linker(opened, model)
    linker.table_management.register_blocked_pairs_for_predict(opened.api.register("candidates"))
    found = linker.inference.predict(threshold_match_weight=least_weight, warning_mode="never")
    levels = ", ".join(f"gamma_{each.name}" for each in model.comparisons)
    columns = f"person_id_l, person_id_r, match_weight, match_probability, {levels}"
    return opened.ask(f"SELECT {columns} FROM {found.physical_name}")  # noqa: S608


def _linker(opened: LinkingEngine, model: IdentityModel) -> Any:
    settings = settings_of(model, dialect=opened.dialect)
    return splink.Linker(opened.api.register("people"), settings, log_level=None, validate_settings=False)
