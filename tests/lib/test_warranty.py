"""Until when something is under warranty."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearth.lib.warranty import (
    COOLING,
    HEATING,
    Season,
    Source,
    Span,
    WarrantyEnd,
    add_months,
    latest_end,
    warranty_ends,
)

DAYS = st.dates(date(1998, 9, 1), date(2080, 1, 1))
SPANS = st.builds(Span, st.integers(1, 600))
SOURCES = st.dictionaries(st.sampled_from(Source), SPANS)


@pytest.mark.parametrize(
    ("day", "number", "later"),
    [
        (date(2024, 6, 28), 36, date(2027, 6, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2023, 12, 5), 2, date(2024, 2, 5)),
        (date(2023, 12, 31), 0, date(2023, 12, 31)),
    ],
)
def test_months_later_is_the_same_day_or_the_last_of_the_month(day: date, number: int, later: date) -> None:
    assert add_months(day, number) == later


@given(DAYS, st.integers(0, 600), st.integers(0, 600))
def test_a_longer_time_never_ends_sooner(day: date, number: int, more: int) -> None:
    assert add_months(day, number) <= add_months(day, number + more)


@given(DAYS, DAYS, st.integers(0, 600))
def test_who_gets_the_home_later_is_covered_as_long(first: date, second: date, number: int) -> None:
    earlier, later = sorted((first, second))

    assert add_months(earlier, number) <= add_months(later, number)


@given(SOURCES, DAYS, st.none() | DAYS)
def test_the_latest_end_holds_and_is_the_end_of_its_source(
    spans: dict[Source, Span], handed_over: date, accepted: date | None
) -> None:
    ends = warranty_ends(spans, handed_over=handed_over, accepted=accepted)

    end = latest_end(ends)

    if end is None:
        assert not ends
    else:
        assert end.ends_date == max(ends.values())
        assert ends[end.source] == end.ends_date


@given(SOURCES, st.sampled_from(Source), SPANS, DAYS, DAYS)
def test_one_source_more_never_shortens_a_warranty(
    spans: dict[Source, Span], source: Source, span: Span, handed_over: date, accepted: date
) -> None:
    fewer = {each: spans[each] for each in spans if each != source}

    before = latest_end(warranty_ends(fewer, handed_over=handed_over, accepted=accepted))
    after = latest_end(warranty_ends({**fewer, source: span}, handed_over=handed_over, accepted=accepted))

    assert after is not None
    assert before is None or before.ends_date <= after.ends_date


def test_what_the_builder_still_owes_goes_before_a_shorter_time_of_the_seller() -> None:
    roof = {Source.SELLER: Span(36), Source.BUILDER: Span(60)}

    ends = warranty_ends(roof, handed_over=date(2021, 5, 1), accepted=date(2021, 1, 15))

    assert latest_end(ends) == WarrantyEnd(date(2026, 1, 15), Source.BUILDER)


def test_of_a_home_handed_over_late_the_seller_gives_the_least_of_the_law() -> None:
    roof = {Source.SELLER: Span(36), Source.BUILDER: Span(60)}

    ends = warranty_ends(roof, handed_over=date(2024, 5, 1), accepted=date(2020, 1, 15))

    assert latest_end(ends) == WarrantyEnd(date(2027, 5, 1), Source.SELLER)


def test_a_contract_that_gives_more_goes_before_both() -> None:
    roof = {Source.SELLER: Span(36), Source.BUILDER: Span(60), Source.CONTRACT: Span(96)}

    ends = warranty_ends(roof, handed_over=date(2021, 5, 1), accepted=date(2021, 1, 15))

    assert latest_end(ends) == WarrantyEnd(date(2029, 5, 1), Source.CONTRACT)


def test_without_a_day_of_acceptance_the_builders_end_is_not_guessed() -> None:
    ends = warranty_ends({Source.BUILDER: Span(24)}, handed_over=date(2024, 5, 1), accepted=None)

    assert not ends
    assert latest_end(ends) is None


@pytest.mark.parametrize(
    ("start", "number", "ends"),
    [
        (date(2024, 11, 15), 1, date(2025, 9, 30)),
        (date(2024, 11, 16), 1, date(2026, 3, 15)),
        (date(2024, 7, 1), 1, date(2025, 9, 30)),
        (date(2024, 7, 1), 2, date(2026, 9, 30)),
    ],
)
def test_a_season_that_has_begun_does_not_count(start: date, number: int, ends: date) -> None:
    assert Span(number, is_in_seasons=True).end_from(start) == ends


@given(DAYS, st.integers(1, 5), st.sampled_from([HEATING, COOLING, Season((1, 1), (12, 31))]))
def test_whole_seasons_lie_between_start_and_end(start: date, number: int, season: Season) -> None:
    end = season.end_of_whole(number, start)

    assert end > start
    assert end - start < timedelta(days=366 * (number + 2))
    assert (end.month, end.day) == season.ends
