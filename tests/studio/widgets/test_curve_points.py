"""Tests for studio.widgets.curve_points."""

import numpy as np
import pytest

from studio.widgets.curve_points import (
    CurvePoints,
    bin_means,
    bin_peaks,
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


def test_one_by_one_and_all_at_once_give_the_same_curve():
    values = np.random.default_rng(1).normal(size=2500)
    slow, fast = CurvePoints(), CurvePoints()
    for step, value in enumerate(values):
        slow.append(step, value)
    fast.extend(np.arange(2500), values)
    np.testing.assert_allclose(slow.means, fast.means, rtol=1e-7)
    np.testing.assert_array_equal(slow.values, values)


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


def test_the_value_at_a_step_is_the_last_one_known():
    points = CurvePoints(keep=0.0)
    points.extend([10, 20], [1.0, 2.0])
    assert points.value_at(9) is None
    assert points.value_at(10) == 1.0
    assert points.value_at(19.5) == 1.0
    assert points.value_at(500) == 2.0


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
    [([1, 2], [1.0], "equally long"), ([2, 1], [1.0, 1.0], "ascend")],
)
def test_lists_that_do_not_fit_are_refused(steps, values, words):
    with pytest.raises(ValueError, match=words):
        CurvePoints().extend(steps, values)


def test_a_memory_of_one_is_refused():
    with pytest.raises(ValueError, match="keep must be at least 0 and below 1, got 1"):
        CurvePoints(keep=1)


def test_means_of_parts():
    steps, values = np.arange(8.0), np.array([0.0, 2, 4, 6, 1, 1, 1, 9])
    xs, ys = bin_means(steps, values, bins=2)
    # Parts 0..3 and 4..7; the last point stays exact.
    np.testing.assert_allclose(xs, [1.5, 7])
    np.testing.assert_allclose(ys, [3.0, 9.0])


def test_peaks_keep_a_spike_among_a_million_points():
    values = np.zeros(1_000_000)
    values[123_456], values[654_321] = 7.0, -3.0
    xs, ys = bin_peaks(np.arange(1e6), values, bins=500)
    assert len(xs) == len(ys) == 1000
    assert ys.max() == 7.0
    assert ys.min() == -3.0
    assert abs(xs[ys.argmax()] - 123_456) < 2_000


def test_parts_without_points_are_skipped():
    steps = np.concatenate([np.arange(10.0), [1000.0]])
    xs, ys = bin_means(steps, np.ones(11), bins=5)
    np.testing.assert_allclose(xs, [4.5, 1000])
    np.testing.assert_allclose(ys, [1, 1])


def test_short_lines_are_not_thinned():
    steps = np.arange(5.0)
    for thin in (bin_means, bin_peaks):
        np.testing.assert_array_equal(thin(steps, steps * 2, 100)[1], steps * 2)


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
