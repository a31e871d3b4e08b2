"""Tests for engines.commands.terminal."""

import io
from pathlib import Path

import numpy as np
import pytest

from engines.commands.terminal import Progress, duration
from engines.configs.pix2pix import Pix2PixConfig, curves, measures
from engines.training.reports import (
    Column,
    Losses,
    Measures,
    Notice,
    Preparing,
    RunOutcome,
    RunStatus,
    Started,
)

CURVES = curves(Pix2PixConfig())
PICTURES = np.zeros((1, 32, 32, 3), np.uint8)


class Terminal(io.StringIO):
    """What a person sits at."""

    def isatty(self):
        return True


def started(step=0):
    return Started(
        folder=Path("runs/a"),
        step=step,
        steps=1500,
        device="CPU, 2 threads, fp32, channels last",
        columns=(
            Column(name="input", label="Input", captions=("",), pictures=PICTURES),
            Column(name="now", label="Now", captions=("",)),
            Column(name="target", label="Target", captions=("",), pictures=PICTURES),
        ),
        names=("x",),
        training_pictures=360,
        held_out_pictures=40,
    )


def losses(step):
    return Losses(
        step=step,
        values={"generator": 2.5, "discriminator": 0.61449, "l1": 0.2},
        pictures_per_s=44.6,
        elapsed_s=9.0,
        remaining_s=75.0,
    )


STANDING = (
    "Painter 2.500  Critic 0.614  Distance 0.200  SSIM 0.41  45 pictures/s  1 min left"
)


@pytest.fixture(autouse=True)
def _wide_terminal(monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")


def test_a_terminal_gets_one_line_that_is_overwritten():
    terminal = Terminal()
    progress = Progress(terminal, CURVES, measures(Pix2PixConfig()))
    progress.show(started())
    progress.show(Measures(step=1, values={"ssim": 0.412, "l1": 0.1, "psnr": 9.0}))
    progress.show(losses(8))
    progress.show(losses(1499))
    progress.show(RunOutcome(status=RunStatus.COMPLETED, step=1500))
    assert terminal.getvalue() == (
        "Training on 360 pictures, 40 held out. CPU, 2 threads, fp32, channels last. "
        f"Run folder: {Path('runs/a')}\n"
        f"\r  0 %  step 8 of 1,500  {STANDING}"
        f"\r 99 %  step 1,499 of 1,500  {STANDING}\n"
        "Finished after 1,500 steps.\n"
    )


def test_a_shorter_line_wipes_out_a_longer_one():
    terminal = Terminal()
    progress = Progress(terminal, CURVES, measures(Pix2PixConfig()))
    progress.show(Preparing(done=1_000, total=1_000))
    progress.show(Preparing(done=1, total=9))
    progress.show(Notice(step=0, words="Well."))
    first, second = "Reading pictures: 1,000 of 1,000", "Reading pictures: 1 of 9"
    wiped = second.ljust(len(first))
    assert terminal.getvalue() == f"\r{first}\r{wiped}\nWell.\n"


def test_a_line_never_wraps(monkeypatch):
    monkeypatch.setenv("COLUMNS", "11")
    terminal = Terminal()
    Progress(terminal, CURVES).show(Preparing(done=1, total=2))
    assert terminal.getvalue() == "\rReading pi"


def test_a_file_gets_a_line_every_ten_seconds():
    now = [0.0]
    file = io.StringIO()
    progress = Progress(file, CURVES, clock=lambda: now[0])
    progress.show(started(step=5))
    for now[0] in (1.0, 10.9, 11.0, 11.1):
        progress.show(losses(int(now[0] * 10)))
    lines = file.getvalue().splitlines()
    assert lines[0].startswith("Going on from step 5 on 360 pictures")
    assert [line.split("  ")[2] for line in lines[1:]] == [
        "step 10 of 1,500",
        "step 110 of 1,500",
    ]


def test_a_failure_is_left_to_the_caller():
    terminal = Terminal()
    progress = Progress(terminal, CURVES, measures(Pix2PixConfig()))
    progress.show(Preparing(done=1, total=2))
    progress.show(RunOutcome(status=RunStatus.FAILED, step=0, error="No."))
    assert terminal.getvalue() == "\rReading pictures: 1 of 2\n"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (59.4, "59 s"),
        (59.6, "1 min"),
        (90.1, "2 min"),
        (3569, "59 min"),
        (3571, "1 h 00 min"),
        (11_100, "3 h 05 min"),
    ],
)
def test_durations_are_said_as_a_person_says_them(seconds, words):
    assert duration(seconds) == words
