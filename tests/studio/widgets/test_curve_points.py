"""Tests for studio.widgets.curve_points."""

import numpy as np
import pytest

from studio.widgets.curve_points import (
    BLOCKS,
    CurvePoints,
    running_mean,
    value_range,
)


def slow_running_mean(values, keep):
    """The definition, one value after the other."""
    total, means = 0.0, []
    for count, value in enumerate(values, start=1):
        total = keep * total + (1 - keep) * value
        means.append(total / (1 - keep**count))
    return means


def test_the_mean_of_the_first_values_does_not_lean_towards_zero():
    points = CurvePoints(keep=0.5)
    points.append(1, 8.0)
    points.append(2, 2.0)
    # (0.25 * 8 + 0.5 * 2) / (1 - 0.25)
    np.testing.assert_allclose(points.means, [8.0, 4.0], rtol=1e-12)


@pytest.mark.parametrize("keep", [0.0, 0.001, 0.5, 0.9, 0.999])
def test_the_mean_in_blocks_is_the_mean_by_its_definition(keep):
    values = np.random.default_rng(0).normal(size=1000)
    blockwise = running_mean(values, keep=keep, mean=0.0, seen=0)
    np.testing.assert_allclose(blockwise, slow_running_mean(values, keep), rtol=1e-7)


@pytest.mark.parametrize("count", [2500, 9000])
def test_one_by_one_and_all_at_once_give_the_same_curve(count):
    values = np.random.default_rng(1).normal(size=count)
    slow, fast = CurvePoints(), CurvePoints()
    for step, value in enumerate(values):
        slow.append(step, value)
    fast.extend(np.arange(count), values)
    assert len(slow) == len(fast) == count
    for mine, yours in zip(slow.peaks(500), fast.peaks(500), strict=True):
        np.testing.assert_allclose(mine, yours, rtol=1e-9)
    for mine, yours in zip(slow.line(500), fast.line(500), strict=True):
        np.testing.assert_allclose(mine, yours, rtol=1e-6, atol=1e-9)


def test_values_that_are_not_finite_are_left_out():
    points = CurvePoints()
    points.extend([1, 2, 3, 4], [0.5, np.nan, np.inf, 0.5])
    np.testing.assert_array_equal(points.steps, [1, 4])
    np.testing.assert_allclose(points.means, [0.5, 0.5], rtol=1e-12)


def test_going_back_to_a_checkpoint_drops_what_is_done_again():
    points, unbroken = CurvePoints(), CurvePoints()
    points.extend([10, 20, 30, 40], [4.0, 3.0, 9.0, 9.0])
    points.extend([30, 40], [2.0, 1.0])
    unbroken.extend([10, 20, 30, 40], [4.0, 3.0, 2.0, 1.0])
    np.testing.assert_array_equal(points.steps, [10, 20, 30, 40])
    np.testing.assert_allclose(points.means, unbroken.means, rtol=1e-12)


def test_going_back_in_a_long_run_drops_the_rest_and_goes_on_from_there():
    points = CurvePoints()
    points.extend(np.arange(100_000), np.ones(100_000))
    points.extend(np.arange(50_000, 60_000), np.full(10_000, 3.0))
    xs, ys = points.peaks(600)
    # 100,000 steps are in blocks of 32: no more than 31 points before 50,000 are lost.
    assert 59_968 <= len(points) <= 60_000
    assert points.last_step == 59_999
    assert points.latest == pytest.approx(3)
    assert xs.max() <= 59_999
    np.testing.assert_array_equal(np.unique(ys), [1, 3])
    assert abs(xs[ys == 3].min() - 50_000) <= 60_000 / 600


def test_going_back_to_the_start_forgets_everything():
    points = CurvePoints()
    points.extend(np.arange(100_000), np.ones(100_000))
    points.append(0, 5.0)
    assert len(points) == 1
    assert points.latest == pytest.approx(5)
    np.testing.assert_array_equal(points.peaks(100), [[0], [5]])


def test_the_value_at_a_step_is_the_last_one_known():
    points = CurvePoints(keep=0.0)
    points.extend([10, 20], [1.0, 2.0])
    assert points.value_at(9) is None
    assert points.value_at(10) == 1.0
    assert points.value_at(19.5) == 1.0
    assert points.value_at(500) == 2.0


def test_the_value_at_a_step_of_a_long_run_is_right_to_a_pixel():
    points = CurvePoints()
    points.extend(np.arange(1_000_000), np.linspace(0, 1, 1_000_000))
    for step in (300_000, 700_000):
        assert points.value_at(step) == pytest.approx(step / 1e6, abs=1 / 2000)
    # The running mean lags nine steps behind.
    assert points.value_at(999_999) == pytest.approx(1 - 9e-6, abs=1e-7)


@pytest.mark.parametrize(
    ("values", "trend"),
    [
        (np.linspace(0, 1, 100), "rising"),
        (np.linspace(1, 0, 100), "falling"),
        (np.concatenate([np.linspace(0, 1, 50), np.ones(150)]), "steady"),
        (np.array([1.0, 2.0]), "steady"),
    ],
)
def test_the_trend_is_that_of_the_last_quarter(values, trend):
    points = CurvePoints()
    points.extend(np.arange(len(values)), values)
    assert points.trend() == trend


@pytest.mark.parametrize(
    ("steps", "values", "words"),
    [
        ([1, 2], [1.0], "equally long"),
        ([2, 1], [1.0, 1.0], "ascend"),
        ([-1, 1], [1.0, 1.0], "from 0"),
    ],
)
def test_lists_that_do_not_fit_are_refused(steps, values, words):
    with pytest.raises(ValueError, match=words):
        CurvePoints().extend(steps, values)


def test_a_memory_of_one_is_refused():
    with pytest.raises(ValueError, match="keep must be at least 0 and below 1, got 1"):
        CurvePoints(keep=1)


def filled(steps, values):
    """A curve that is not smoothed."""
    points = CurvePoints(keep=0.0)
    points.extend(steps, values)
    return points


def test_means_of_parts():
    xs, ys = filled(np.arange(8), [0.0, 2, 4, 6, 1, 1, 1, 9]).line(2)
    # Parts 0..3 and 4..7; the last point stays exact.
    np.testing.assert_allclose(xs, [1.5, 7])
    np.testing.assert_allclose(ys, [3.0, 9.0])


def test_the_mean_of_a_part_counts_every_point_once():
    steps = np.arange(3 * BLOCKS)  # in blocks of four
    values = np.random.default_rng(2).random(len(steps))
    xs, ys = filled(steps, values).line(3)
    np.testing.assert_allclose(xs[:2], [(BLOCKS - 1) / 2, BLOCKS + (BLOCKS - 1) / 2])
    means = values.reshape(3, BLOCKS).mean(axis=1)
    np.testing.assert_allclose(ys[:2], means[:2], rtol=1e-9)
    assert (xs[2], ys[2]) == (steps[-1], values[-1])


def test_peaks_of_parts_are_those_of_all_their_points():
    steps = np.arange(1_048_576)  # in 4096 blocks of 256
    values = np.random.default_rng(3).normal(size=len(steps))
    xs, ys = filled(steps, values).peaks(512)
    parts = values.reshape(512, 2048)
    np.testing.assert_array_equal(ys[0::2], parts.min(axis=1))
    np.testing.assert_array_equal(ys[1::2], parts.max(axis=1))
    np.testing.assert_allclose(xs[0::2], np.arange(512) * 2048 + 127.5)


def test_a_spike_stays_where_it_was_while_a_million_points_come():
    points = CurvePoints()
    points.append(123_456, 7.0)
    for end in range(200_000, 1_200_000, 100_000):
        steps = np.arange(end - 50_000, end)
        points.extend(steps, np.zeros(len(steps)))
    xs, ys = points.peaks(500)
    assert len(xs) <= 1000
    assert ys.max() == 7.0
    assert abs(xs[ys.argmax()] - 123_456) < 256


def test_many_points_after_few_take_no_room_from_them():
    early, late = np.arange(0, 1_000_000, 500), np.arange(1_000_000, 1_100_000)
    points = filled(np.append(early, late), np.append(early / 1e6, np.ones(len(late))))
    xs, ys = points.line(500)
    # As many parts for the first 10/11 of the steps as they are wide.
    assert (xs < 1_000_000).sum() == pytest.approx(500 * 10 / 11, abs=3)
    np.testing.assert_allclose(ys[xs < 1e6], xs[xs < 1e6] / 1e6, atol=1e-3)


def test_few_points_far_apart_are_drawn_as_they_are():
    steps, values = np.arange(0, 1_000_000, 5000), np.arange(200.0)
    points = filled(steps, values)
    for xs, ys in (points.line(300), points.peaks(300)):
        np.testing.assert_array_equal(xs, steps)
        np.testing.assert_array_equal(ys, values)


def test_parts_without_points_are_skipped():
    xs, ys = filled([*range(10), 1000], np.ones(11)).line(5)
    np.testing.assert_allclose(xs, [4.5, 1000])
    np.testing.assert_allclose(ys, [1, 1])


def test_nothing_is_drawn_of_nothing():
    points = CurvePoints()
    for xs, ys in (points.line(5), points.peaks(5)):
        assert len(xs) == len(ys) == 0


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ([0.2, 0.7], (0.0, 0.7)),  # from zero, where that can be seen
        ([0.6, 0.7], (0.6, 0.7)),
        ([0.68, 0.7], (0.0, 0.7)),  # chance is not enlarged
        ([0.7, 0.7], (0.0, 0.7)),
        ([-990.0, -980.0], (-990.0, -980.0)),
    ],
)
def test_the_range_is_what_is_worth_showing(values, shown):
    found = value_range([np.array(values)], [np.array(values)], positive=False)
    assert found == shown
