"""Tests for engines.latent.pictures: what a run learnt from is found again."""

import numpy as np
import pytest

from engines.errors import DataError
from engines.latent.pictures import load_pictures
from engines.runs.folder import RunFolder


def test_both_parts_together_are_the_folder(vae_run, digit_pictures):
    training, held_out = load_pictures(vae_run), load_pictures(vae_run, "held_out")
    assert len(held_out.pictures) == 40
    both = np.concatenate([training.pictures, held_out.pictures])
    assert sorted(map(bytes, both)) == sorted(map(bytes, digit_pictures[0]))


def test_each_has_its_class_and_its_name(vae_run, digit_pictures):
    found = load_pictures(vae_run)
    assert found.classes == tuple("0123456789")
    digit_of = {bytes(p): d for p, d in zip(*digit_pictures, strict=True)}
    expected = [digit_of[bytes(picture)] for picture in found.pictures]
    np.testing.assert_array_equal(found.labels, expected)
    assert len(set(found.names)) == len(found.pictures) == 360
    # The number of a drawn digit ends in the digit.
    np.testing.assert_array_equal([int(name[-1]) for name in found.names], expected)


def test_a_few_are_taken_evenly(vae_run):
    every, few = load_pictures(vae_run), load_pictures(vae_run, most=40)
    assert len(few.pictures) == 40
    np.testing.assert_array_equal(few.pictures, every.pictures[4::9])


def test_pictures_that_are_gone_are_told(vae_run, tmp_path):
    run = RunFolder.open(vae_run)
    before = run.info
    run.update(data=before.data.model_copy(update={"folder": str(tmp_path / "gone")}))
    try:
        with pytest.raises(DataError, match="gone"):
            load_pictures(vae_run)
    finally:
        run.update(data=before.data)
