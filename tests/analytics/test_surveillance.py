"""EARS and CUSUM on counts whose verdict can be worked out by hand."""

import numpy as np
import pytest

from hearth.analytics.surveillance import cusum, ears

QUIET = [1, 0, 1, 0, 1, 0, 1]


def test_c1_holds_a_count_against_the_seven_before_it() -> None:
    counts = np.array([[*QUIET, 9], [*QUIET, 1]])

    judged = ears(counts, "C1")

    past = np.array(QUIET)
    assert judged.upperbound[0, 7] == pytest.approx(past.mean() + 3.0902323 * past.std(ddof=1))
    assert judged.alarm[:, 7].tolist() == [True, False]
    assert np.isnan(judged.upperbound[:, :7]).all()
    assert not judged.alarm[:, :7].any()


def test_c2_leaves_the_last_two_out_so_that_a_rise_does_not_hide_itself() -> None:
    rise = np.array([[*QUIET, 3, 4, 5]])

    assert ears(rise, "C1").alarm[0, 9] != ears(rise, "C2").alarm[0, 9]
    assert ears(rise, "C2").alarm[0, 9]


def test_c3_goes_on_while_the_last_two_stood_out_but_not_when_nothing_is_counted() -> None:
    counts = np.array([[*QUIET, 0, 1, 4, 1, 0], [*QUIET, 0, 1, 0, 1, 0]])

    judged = ears(counts, "C3").alarm

    assert judged[:, -2].tolist() == [True, False]
    assert judged[:, -1].tolist() == [False, False]


def test_fewer_counts_than_a_baseline_are_judged_by_nothing() -> None:
    judged = ears(np.array([[5, 9, 30]]), "C2")

    assert not judged.alarm.any()
    assert np.isnan(judged.upperbound).all()


def test_a_baseline_of_one_is_refused() -> None:
    with pytest.raises(ValueError, match="baseline"):
        ears(np.array([[1, 2, 3]]), "C1", baseline=1)


def test_a_sum_grows_with_what_is_above_the_mean_until_it_is_an_alarm() -> None:
    calm, rise = [4] * 20, [4, 9, 9, 4]

    judged = cusum(np.array([calm + rise, calm + [4] * 4]), range(20, 24))

    assert judged.alarm[:, 20:].tolist() == [[False, False, True, False], [False] * 4]
    assert not judged.alarm[:, :20].any()


def test_a_count_at_the_bound_of_a_sum_is_an_alarm_and_one_below_is_none() -> None:
    calm = [4] * 20
    bound = float(cusum(np.array([[*calm, 0]]), range(20, 21)).upperbound[0, 20])

    judged = cusum(np.array([[*calm, int(np.ceil(bound))], [*calm, int(np.ceil(bound)) - 1]]), range(20, 21))

    assert judged.alarm[:, 20].tolist() == [True, False]


def test_a_series_that_never_counted_anything_has_no_bound() -> None:
    judged = cusum(np.array([[0] * 20 + [9]]), range(20, 21))

    assert np.isnan(judged.upperbound).all()
    assert not judged.alarm.any()
