from datetime import datetime, timedelta

import pytest

from studio.words import ago, disk_room, duration, memory, step_time, time_left

NOON = datetime(2026, 11, 20, 12, 0).astimezone()  # a Friday


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "a few seconds"),
        (4.9, "a few seconds"),
        (12, "about 10 s"),
        (43, "about 40 s"),
        (94, "about 90 s"),
        (96, "about 2 min"),
        (300, "about 5 min"),
        (89 * 60, "about 89 min"),
        (3 * 3600 + 100, "about 3 h"),
        (3 * 86_400, "about 3 days"),
    ],
)
def test_an_estimate_is_worded_as_precisely_as_it_is(seconds, words):
    assert duration(seconds) == words


def test_time_left_says_so():
    assert time_left(120) == "about 2 min left"


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (timedelta(seconds=-5), "just now"),  # a clock put back
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=12, seconds=30), "12 min ago"),
        (timedelta(hours=3), "3 h ago"),
        (timedelta(hours=13), "yesterday"),
        (timedelta(days=2), "Wednesday"),
        (timedelta(days=7), "13 Nov 2026"),
    ],
)
def test_a_point_in_time_is_worded_by_its_distance(before, words):
    assert ago(NOON - before, NOON) == words


@pytest.mark.parametrize(
    ("free", "words"),
    [
        (73_400_000_000, "73 GB free"),
        (1_204_000_000_000, "1,204 GB free"),
        (840_000_000, "0.8 GB free"),
    ],
)
def test_room_on_the_disk_is_in_gigabytes(free, words):
    assert disk_room(free) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.0004, "0.4 ms a step"),
        (0.013, "13 ms a step"),
        (0.0996, "0.10 s a step"),
        (0.13, "0.13 s a step"),
        (1.26, "1.3 s a step"),
        (12.4, "12 s a step"),
    ],
)
def test_the_time_of_a_step_has_two_digits(seconds, words):
    assert step_time(seconds) == words


def test_memory_is_said_beside_what_is_free():
    assert memory(1_140_000_000, 17_200_000_000) == "1.1 of 17 GB memory"
    assert memory(34e9, 17_200_000_000) == "34 GB memory, 17 GB free"
    assert memory(220_000_000, None) == "0.2 GB memory"
