"""Tests for engines.commands.samples, through the command line."""

from pathlib import Path

import pytest

from engines.cli import main
from engines.data.wellknown_list import WELL_KNOWN
from engines.errors import DataError
from engines.interop import wellknown
from engines.samples.catalogue import SAMPLES


@pytest.fixture(autouse=True)
def in_a_new_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("name", "files", "words"),
    [
        ("facades", 20, "10 pairs of 32 x 32 pixels are in set."),
        ("landscapes", 24, "10 pictures in each style of 32 x 32 pixels are in set."),
        ("digits", 10, "10 pictures of 32 x 32 pixels are in set."),
        ("leaves", 10, "10 pictures of 32 x 32 pixels are in set."),
    ],
)
def test_every_sample_set_is_drawn(name, files, words, capsys):
    argv = f"samples {name} --out set --count 10 --size 32 --seed 3".split()
    assert main(argv) == 0
    assert len(list(Path("set").rglob("*.png"))) == files
    assert capsys.readouterr().out == words + "\n"


def test_a_number_out_of_range_is_wrong_usage(capsys, tmp_path):
    assert main(["samples", "digits", "--out", "set", "--count", "9"]) == 2
    assert capsys.readouterr().err == "--count must be 10 to 9999, got 9.\n"
    assert list(tmp_path.iterdir()) == []


def test_a_well_known_set_is_fetched_and_only_the_result_told(monkeypatch, capsys):
    asked = []

    def fetch(name, folder, *, progress):
        progress(500_000, 11_600_000)
        asked.append((name, folder))

    monkeypatch.setattr(wellknown, "fetch", fetch)
    assert main(["samples", "mnist", "--out", "digits"]) == 0
    told = capsys.readouterr()
    assert asked == [("mnist", Path("digits"))]
    assert told.out == "70,000 pictures of 28 x 28 pixels are in digits.\n"
    assert told.err == ""  # not a terminal


def test_a_terminal_sees_how_much_has_come(monkeypatch, capsys):
    monkeypatch.setattr(
        wellknown, "fetch", lambda *_, progress: progress(500_000, 11_600_000)
    )
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    assert main(["samples", "mnist", "--out", "digits"]) == 0
    assert capsys.readouterr().err == "\r0.5 of 11.6 MB\n"


def test_a_set_that_cannot_be_fetched_is_told(monkeypatch, capsys):
    def fail(*_arguments, **_values):
        raise DataError("MNIST cannot be fetched: it rains.")

    monkeypatch.setattr(wellknown, "fetch", fail)
    assert main(["samples", "mnist", "--out", "digits"]) == 1
    assert capsys.readouterr().err == "MNIST cannot be fetched: it rains.\n"


def test_help_names_every_set_and_what_a_download_costs(capsys):
    assert main(["samples", "--help"]) == 0
    told = " ".join(capsys.readouterr().out.replace("│", " ").split())
    for name in (*SAMPLES, *WELL_KNOWN):
        assert f" {name} " in told
    assert "Download Fashion-MNIST, 31 MB" in told
