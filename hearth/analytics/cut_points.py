"""Quantiles that serve as cut points, the same on every engine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from hearth.postponed import Postponed

if TYPE_CHECKING:
    import ibis.expr.types as ir
else:
    ir = Postponed("ibis.expr.types")


CUT_DECIMALS = 6


def quantile_cuts(table: ir.Table, cuts: Mapping[str, tuple[str, float]]) -> ir.Table:
    """Take exact quantiles of a table's columns, in one query.

    In: numeric columns; `cuts` is the result's column to (column, share of 0 to 1). Out: one row, type 7
    of Hyndman and Fan 1996, rounded to six decimals; missing where the column has no value. Missing
    values are not counted.

    Rounding settles the case where a quantile is one of the values: an engine's interpolation may
    miss it by the last bit, and then a whole group of equal customers would change its class.
    """
    shares: dict[str, list[float]] = {}
    for column, share in cuts.values():
        shares.setdefault(column, []).append(share)
    quantiles = table.aggregate(
        **{column: table[column].cast("float64").quantile(each) for column, each in shares.items()}
    )
    return quantiles.select(
        **{
            name: quantiles[column][shares[column].index(share)].round(CUT_DECIMALS)
            for name, (column, share) in cuts.items()
        }
    )
