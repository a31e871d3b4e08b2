"""Tests for engines.runs.lock."""

import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from engines.errors import RunError
from engines.runs.lock import LockOwner, RunLock, owner_of
from engines.runs.processes import started_at

HOLD = """
import sys
from pathlib import Path
from engines.runs.lock import RunLock
with RunLock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(tmp_path):
    """Another process that holds the lock of tmp_path until its input ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "held\n"
    yield process
    process.stdin.close()
    process.wait(20)
    process.stdout.close()


def leave_lock(folder, **changes):
    owner = LockOwner.this_process().model_copy(update=changes)
    (folder / "lock").write_text(owner.model_dump_json())


def test_the_lock_names_this_process_and_goes_with_it(tmp_path):
    with RunLock(tmp_path):
        owner = owner_of(tmp_path)
        assert owner.pid == os.getpid()
        assert abs(datetime.now(UTC) - owner.since) < timedelta(seconds=10)
        assert os.listdir(tmp_path) == ["lock"]
    assert owner_of(tmp_path) is None
    assert os.listdir(tmp_path) == []


def test_it_is_given_back_when_the_work_fails(tmp_path):
    with pytest.raises(KeyError), RunLock(tmp_path):
        raise KeyError
    assert os.listdir(tmp_path) == []


def test_the_same_process_cannot_take_it_twice(tmp_path):
    with RunLock(tmp_path):
        with pytest.raises(
            RunError, match=f"by process {os.getpid()} on this computer"
        ):
            RunLock(tmp_path).acquire()
        assert owner_of(tmp_path).pid == os.getpid()


def test_another_live_process_is_named_and_left_alone(tmp_path, holder):
    lock = RunLock(tmp_path)
    with pytest.raises(RunError) as refusal:
        lock.acquire()
    assert re.fullmatch(
        rf"This run is being written by process {holder.pid} on this computer since "
        r"\d\d:\d\d\. Stop it there first\.",
        str(refusal.value),
    )
    lock.release()
    assert owner_of(tmp_path).pid == holder.pid


@pytest.mark.skipif(not hasattr(os, "waitid"), reason="there are no zombies here")
def test_a_killed_process_loses_it_before_anyone_waited_for_it(tmp_path, holder):
    holder.kill()
    os.waitid(os.P_PID, holder.pid, os.WEXITED | os.WNOWAIT)  # It stays a zombie.
    assert owner_of(tmp_path) is None
    with RunLock(tmp_path):
        assert owner_of(tmp_path).pid == os.getpid()
    assert os.listdir(tmp_path) == []


@pytest.mark.skipif(sys.platform != "linux", reason="start times are read on Linux")
def test_a_process_that_got_the_number_of_a_dead_one_does_not_hold_it(tmp_path):
    assert int(started_at(os.getpid())) > 0
    leave_lock(tmp_path, started="12")
    assert owner_of(tmp_path) is None
    with RunLock(tmp_path):
        assert owner_of(tmp_path).started == started_at(os.getpid())


def test_a_lock_from_another_computer_is_respected(tmp_path):
    since = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
    leave_lock(tmp_path, host="lab-3", pid=4711, since=since)
    assert owner_of(tmp_path).host == "lab-3"
    words = (
        r"by process 4711 on the computer 'lab-3' since \d{1,2} \w+ \d\d:\d\d\. Stop "
        r"it there first\. If it does not run there any more, delete the file '.*lock'"
    )
    with pytest.raises(RunError, match=words):
        RunLock(tmp_path).acquire()


def test_an_unreadable_lock_is_respected_only_while_it_is_fresh(tmp_path):
    path = tmp_path / "lock"
    path.write_text("")
    with pytest.raises(RunError, match="just being opened by another process"):
        RunLock(tmp_path).acquire()
    os.utime(path, (0, 0))
    with RunLock(tmp_path):
        assert json.loads(path.read_text())["pid"] == os.getpid()


def test_what_another_took_over_is_not_given_back(tmp_path):
    lock = RunLock(tmp_path)
    lock.acquire()
    leave_lock(tmp_path, pid=1)
    lock.release()
    assert json.loads((tmp_path / "lock").read_text())["pid"] == 1


def test_only_one_of_many_processes_takes_over_a_stale_lock(tmp_path):
    leave_lock(tmp_path, started="12")
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", HOLD, str(tmp_path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        for _ in range(4)
    ]
    told = [racer.stdout.readline() for racer in racers]
    for racer in racers:
        racer.communicate()
    assert sorted(told) == ["", "", "", "held\n"]
    assert os.listdir(tmp_path) == []


def test_a_process_that_does_not_run_has_no_start():
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait(20)
    assert started_at(process.pid) is None
