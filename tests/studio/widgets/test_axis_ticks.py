"""Tests for studio.widgets.axis_ticks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.widgets.axis_ticks import (
    linear_ticks,
    log_tick_words,
    log_ticks,
    plain_words,
    push_apart,
    tick_words,
    value_words,
)


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (0, 1.96, ["0", "0.5", "1.0", "1.5", "2.0"]),
        (0, 1, ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
        (-231, -100, ["−250", "−200", "−150", "−100"]),
        (0, 1164, ["0", "250", "500", "750", "1,000", "1,250"]),
        (0, 1e-6, ["0", "2.0e−7", "4.0e−7", "6.0e−7", "8.0e−7", "1.0e−6"]),
    ],
)
def test_linear_ticks_are_round(low, high, words):
    assert tick_words(linear_ticks(low, high)) == words


@given(st.floats(-1e4, 1e4), st.floats(1e-3, 1e5))
def test_four_to_six_ticks_hold_the_whole_range(low, height):
    high = low + height
    ticks = linear_ticks(low, high)
    assert 4 <= len(ticks) <= 6
    assert ticks[0] <= low + 1e-6 * height
    assert ticks[-1] >= high - 1e-6 * height


def test_steps_have_no_halves():
    assert linear_ticks(0, 2, whole=True) == [0, 1, 2]
    assert linear_ticks(0, 7, whole=True) == [0, 2, 4, 6, 8]


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (0.01, 2, ["0.01", "0.1", "1", "10"]),
        (0.45, 2.2, ["0.2", "0.5", "1", "2", "5"]),
        (1, 1, ["1", "2"]),
        (1e-6, 1e3, ["1e−6", "0.0001", "0.01", "1", "100", "10,000"]),
    ],
)
def test_log_ticks_are_powers_of_ten_or_parts_of_few(low, high, words):
    assert log_tick_words(log_ticks(low, high)) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.6349, "0.63"),
        (0, "0"),
        (0.00123, "0.0012"),
        (12.34, "12.3"),
        (-231.4, "−231"),
        (1.2e-5, "1.2e−5"),
        (12345.6, "12,346"),
    ],
)
def test_values_are_written_briefly(value, words):
    assert value_words(value) == words


def test_labels_far_apart_stay():
    assert push_apart([90, 30], gap=20, end=100) == [90, 30]


def test_labels_that_touch_part_around_their_middle():
    # 50 and 54 meet at 52; 83 is not in the way.
    assert push_apart([54, 50, 83], gap=20, end=100) == [62, 42, 83]


def test_labels_stay_inside():
    assert push_apart([0, 1], gap=20, end=100) == [10, 30]
    assert push_apart([100, 99], gap=20, end=100) == [90, 70]


@pytest.mark.parametrize(
    ("value", "words"), [(14.0, "14"), (1.0, "1"), (0.0, "0"), (0.6931, "0.69")]
)
def test_whole_numbers_have_no_decimals(value, words):
    assert plain_words(value) == words
