"""EARS on counts whose verdict can be worked out by hand."""

import numpy as np
import pytest

from hearth.analytics.surveillance import ears

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
