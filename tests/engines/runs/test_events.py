"""Tests for engines.runs.events."""

import json
import math
import os
import sys

import pytest

from engines.errors import RunError
from engines.runs.events import EventLog, numbers


@pytest.fixture
def events(tmp_path):
    log = EventLog(tmp_path / "events.jsonl")
    yield log
    log.close()


def steps(found):
    return [event["step"] for event in found]


def test_events_come_back_in_order_one_line_each(events):
    events.append("losses", 10, generator=0.5, l1=0.25)
    events.append("notice", 10, words="Ünlike\nthe others")
    assert len(events.path.read_bytes().splitlines()) == 2
    first, second = events.read()
    assert first.pop("time") <= second.pop("time")
    assert first == {"kind": "losses", "step": 10, "generator": 0.5, "l1": 0.25}
    assert second == {"kind": "notice", "step": 10, "words": "Ünlike\nthe others"}


def test_a_reader_sees_an_event_at_once(events):
    events.append("losses", 1)
    assert steps(EventLog(events.path).read()) == [1]


def test_a_log_that_does_not_exist_is_empty(events):
    assert events.read() == events.history() == []
    assert events.last("losses") is None


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_number_that_is_not_finite_is_left_out(events, value):
    events.append("measures", 5, psnr=value, ssim=0.5)
    assert numbers(events.read()[0]) == {"ssim": 0.5}
    with pytest.raises(ValueError, match="not JSON compliant"):
        events.append("changed", 6, values={"rate": value})


def test_numbers_are_what_belongs_to_the_kind(events):
    events.append("losses", 5, l1=0.5, pictures=3, words="text", crop=True)
    assert numbers(events.read()[0]) == {"l1": 0.5, "pictures": 3}


def test_kinds_can_be_read_alone(events):
    for step in (1, 2, 3):
        events.append("losses", step)
        events.append("measures", step, words="not losses")
        events.append("notice", step, words='says "measures"')
    assert steps(events.read(["measures"])) == [1, 2, 3]
    assert {event["kind"] for event in events.read(["measures"])} == {"measures"}
    assert events.last("measures")["step"] == 3
    assert events.last("saved") is None


@pytest.mark.parametrize(
    "torn", [b'{"kind":"los', b'{"kind":"losses","step":2}', b"\0"]
)
def test_a_torn_tail_is_passed_over_and_then_cut_off(events, torn):
    events.append("losses", 1)
    events.close()
    with events.path.open("ab") as file:
        file.write(torn)
    assert steps(events.read()) == [1]
    events.append("losses", 3)
    assert steps(events.read()) == [1, 3]
    assert len(events.path.read_bytes().splitlines()) == 2


@pytest.mark.parametrize(
    "line",
    [b"\0" * 80, b"[]", b'{"kind":"losses"}', b'{"kind":1,"step":1}', b"[" * 9999],
)
def test_a_line_that_is_no_event_is_passed_over(events, caplog, line):
    events.path.write_bytes(line + b"\n")
    events.append("losses", 3)
    assert steps(events.read()) == [3]
    assert f"passed over an unreadable event of {len(line)} bytes" in caplog.text


def test_a_damaged_line_costs_none_of_the_lines_around_it(events):
    lines = [b'{"kind":"losses","step":%d}\n' % step for step in range(1000)]
    lines[500] = b'{"kind":"losses",\n'
    lines[700] = b"{},{}\n"  # two values where one is due
    events.path.write_bytes(b"".join(lines))
    assert steps(events.read()) == [*range(500), *range(501, 700), *range(701, 1000)]


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on file sizes")
def test_a_disk_that_fills_up_within_a_line_leaves_a_whole_log(events):
    import resource

    events.append("losses", 1)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    full = events.path.stat().st_size + 10
    resource.setrlimit(resource.RLIMIT_FSIZE, (full, limits[1]))
    try:
        with pytest.raises(RunError, match=r"events.jsonl' cannot be written"):
            events.append("losses", 2)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert events.path.stat().st_size == full
    events.append("losses", 3)
    assert steps(events.read()) == [1, 3]


def test_only_a_checkpoint_waits_for_the_disk(events, monkeypatch):
    flushed = []
    monkeypatch.setattr(os, "fsync", flushed.append)
    events.append("losses", 1)
    assert not flushed
    events.append("saved", 1)
    assert len(flushed) == 1


def test_history_forgets_what_a_resume_abandoned(events):
    for step in (10, 20, 30, 40):
        events.append("losses", step)
    events.append("resumed", 20)
    events.append("losses", 30)
    events.append("resumed", 20)
    events.append("losses", 35)
    told = [(event["kind"], event["step"]) for event in events.history()]
    assert told == [
        ("losses", 10),
        ("losses", 20),
        ("resumed", 20),
        ("resumed", 20),
        ("losses", 35),
    ]
    assert steps(events.history(["losses"])) == [10, 20, 35]
    assert steps(events.read(["losses"])) == [10, 20, 30, 40, 30, 35]


def test_the_table_has_one_row_a_step(events, tmp_path):
    events.append("losses", 10, generator=0.5, l1=0.25)
    events.append("measures", 10, l1=0.75, ssim=0.5)
    events.append("losses", 20, generator=0.125, l1=0.2)
    events.append("notice", 20, words="not in the table", weight=3)
    events.append("losses", 99, generator=9.0)
    events.append("resumed", 20)
    events.export_csv(tmp_path / "metrics.csv")
    assert (tmp_path / "metrics.csv").read_text().splitlines() == [
        "step,training_generator,training_l1,held_out_l1,held_out_ssim",
        "10,0.5,0.25,0.75,0.5",
        "20,0.125,0.2,,",
    ]


def test_every_line_is_plain_json(events):
    events.append("changed", 3, values={"mirror": False, "learning_rate": 1e-4})
    event = json.loads(events.path.read_text())
    assert event["values"] == {"mirror": False, "learning_rate": 1e-4}
