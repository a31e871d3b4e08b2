"""Giving way to other programs: how many threads are used beside them."""

import subprocess
import sys
import time

import pytest

from engines.training import threads
from engines.training.threads import Sharing, cores, free_cores

real_used_by_others = threads.used_by_others


class Computer:
    """A clock, and what other programs use of the processor."""

    def __init__(self):
        self.now = 100.0
        self.used = 7.0

    def passes(self, seconds, others=0.0):
        self.now += seconds
        self.used += seconds * others

    def sharing(self, most):
        return Sharing(most, others=lambda: self.used, clock=lambda: self.now)


def test_a_core_that_another_program_wants_is_left_to_it_and_taken_back():
    computer = Computer()
    sharing = computer.sharing(2)
    computer.passes(2, others=0.1)
    assert not sharing.look()
    computer.passes(2, others=0.5)  # its half of the core that it shares with us
    assert sharing.look()
    assert sharing.threads == 1
    computer.passes(2, others=1.0)  # all of it, once we have left
    assert not sharing.look()
    computer.passes(2, others=0.25)  # neither clearly there nor gone
    assert not sharing.look()
    computer.passes(2)
    assert sharing.look()
    assert sharing.threads == 2


@pytest.mark.parametrize(
    ("most", "others", "left"), [(8, 1.0, 7), (8, 2.6, 5), (2, 2.0, 1), (1, 1.0, 1)]
)
def test_as_many_cores_are_left_as_others_use(most, others, left):
    computer = Computer()
    sharing = computer.sharing(most)
    computer.passes(2, others=others)
    assert sharing.look() is (left != most)
    assert sharing.threads == left


@pytest.mark.parametrize(("taken", "left"), [(0.2, 4), (1.0, 3), (9.0, 1)])
def test_a_trial_uses_the_cores_that_others_leave(monkeypatch, taken, left):
    computer = Computer()
    monkeypatch.setattr(threads, "cores", lambda: 4)
    monkeypatch.setattr(threads, "used_by_others", lambda: computer.used)
    monkeypatch.setattr(threads.time, "monotonic", lambda: computer.now)
    monkeypatch.setattr(threads.time, "sleep", lambda _s: computer.passes(0.2, taken))
    assert free_cores() == left


def test_it_looks_now_and_then_only():
    computer = Computer()
    sharing = computer.sharing(2)
    computer.passes(1.9, others=1.0)
    assert not sharing.look()
    computer.passes(0.1, others=1.0)
    assert sharing.look()


def test_what_others_use_is_told_from_what_we_use():
    # Ours does not count, that of a program that does nothing else does.
    busy = "while True: pass"
    other = subprocess.Popen([sys.executable, "-c", busy])
    began, used = time.monotonic(), real_used_by_others()
    ours = time.process_time()
    while time.monotonic() - began < 1.0:
        pass
    ours = time.process_time() - ours
    passed, used = time.monotonic() - began, real_used_by_others() - used
    other.kill()
    other.wait()
    assert ours > 0.2
    # At least what the scheduler gave it, at most every core less what we had.
    assert 0.2 < used < cores() * passed - ours + 0.1
