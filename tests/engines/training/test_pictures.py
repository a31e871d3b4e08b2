"""The pictures of a run: decoded once, found again, and never silently elsewhere."""

import shutil

import pytest

from engines.data import sets
from engines.data.layouts import understand
from engines.errors import DataError
from engines.training.controls import Controls
from engines.training.pictures import decode
from engines.training.reports import Notice
from engines.training.runner import run

pytestmark = pytest.mark.usefixtures("cache")


@pytest.fixture
def pictures(pair_folder):
    return understand(pair_folder, held_out=0.3, seed=1)


def test_progress_goes_from_the_first_of_both_to_the_last(pictures, tiny_config):
    seen = []
    loaded = decode(pictures, tiny_config, seen.append, lambda: False)
    assert seen == list(range(1, 11))
    assert (len(loaded.training), len(loaded.held_out)) == (7, 3)
    assert loaded.training.a.shape[-1] == 36  # 32 and room for random crops
    assert loaded.held_out.a.shape[-1] == 32


def test_the_next_start_decodes_neither_part(pictures, tiny_config, monkeypatch):
    decode(pictures, tiny_config, lambda _done: None, lambda: False)
    monkeypatch.delattr(sets, "decode")
    seen = []
    loaded = decode(pictures, tiny_config, seen.append, lambda: False)
    assert seen == [7, 10]
    assert len(loaded.training) == 7


def test_held_out_pictures_that_are_all_damaged_are_told_apart(pictures, tiny_config):
    for item in pictures.held_out:
        item.a.path.write_bytes(b"")
    with pytest.raises(DataError, match=r"None of the 3 .* These were held out to"):
        decode(pictures, tiny_config, lambda _done: None, lambda: False)


def test_a_run_on_a_full_disk_says_first_and_once_that_nothing_is_kept(
    new_run, pair_folder, monkeypatch
):
    job = new_run(steps=1, held_out=0.3)
    pictures = understand(pair_folder, held_out=0.3, seed=job.config.seed)
    for item in pictures.training[:6]:
        item.a.path.write_bytes(b"")
    usage = shutil.disk_usage("/")._replace(free=0)
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: usage)
    reports = run(job, Controls())
    words = [report.words for report in reports if isinstance(report, Notice)]
    told = [number for number, one in enumerate(words) if "could not be kept" in one]
    assert told == [0]
    assert words[5] == "2 more files were left out."  # four of the six are named
