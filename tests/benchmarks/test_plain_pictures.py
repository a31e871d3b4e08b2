"""The plain data loader shows the pictures that ours shows, or it measures nothing."""

from pathlib import Path

import numpy as np
import pytest
import torch

from benchmarks.plain.pictures import PlainPictures, loader
from engines.data.images import save_picture
from engines.data.layouts import understand
from engines.data.store import load_store
from engines.pixels import as_floats

SIZE = 32


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    """An empty cache."""
    monkeypatch.setenv("STUDIO_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def noise():
    """Pictures (40, 48, 3), neither square nor of the size that is shown."""
    rng = np.random.default_rng(0)
    return list(rng.integers(0, 256, (6, 40, 48, 3), dtype=np.uint8))


def write(folder: Path, pictures: list[np.ndarray]) -> None:
    folder.mkdir(parents=True)
    for place, picture in enumerate(pictures):
        save_picture(folder / f"{place}.png", picture)


def test_pairs_are_those_of_our_store(tmp_path, noise):
    write(tmp_path / "set" / "A", noise)
    write(tmp_path / "set" / "B", [255 - picture for picture in noise])
    pairs = understand(tmp_path / "set", use="pairs")
    store = load_store(pairs, pairs.items, SIZE)
    plain = PlainPictures(pairs.items, SIZE, varied=False)
    assert len(plain) == len(store) == 6
    for place, (a, b) in enumerate(plain):
        # By way of [0, 1] the last bit may differ.
        torch.testing.assert_close(a, as_floats(store.a[place]), atol=1e-6, rtol=0)
        torch.testing.assert_close(b, as_floats(store.b[place]), atol=1e-6, rtol=0)


def test_halves_of_a_file_are_those_of_our_store(tmp_path, noise):
    squares = [picture[:, :40] for picture in noise]
    write(tmp_path / "set", [np.concatenate([p, 255 - p], axis=1) for p in squares])
    pairs = understand(tmp_path / "set", use="pairs")
    store = load_store(pairs, pairs.items, SIZE)
    for place, (a, b) in enumerate(PlainPictures(pairs.items, SIZE, varied=False)):
        torch.testing.assert_close(a, as_floats(store.a[place]), atol=1e-6, rtol=0)
        torch.testing.assert_close(b, as_floats(store.b[place]), atol=1e-6, rtol=0)


def test_pictures_of_an_idx_file_are_those_of_our_store(tmp_path):
    digits = np.random.default_rng(0).integers(0, 256, (9, 28, 28), dtype=np.uint8)
    header = np.array([0x803, 9, 28, 28], ">u4").tobytes()
    path = tmp_path / "train-images-idx3-ubyte"
    path.write_bytes(header + digits.tobytes())
    single = understand(tmp_path, use="single")
    store = load_store(single, single.items, SIZE, channels=1)
    plain = PlainPictures(single.items, SIZE, varied=False, grey=True)
    for place, (x,) in enumerate(plain):
        assert x.shape == (1, SIZE, SIZE)
        torch.testing.assert_close(x, as_floats(store.a[place]), atol=1e-6, rtol=0)


def test_varied_pictures_are_cut_from_larger_ones_and_mirrored(tmp_path):
    ramp = np.arange(36, dtype=np.uint8)[None, :, None].repeat(36, 0).repeat(3, 2)
    write(tmp_path / "set", [ramp] * 4)
    single = understand(tmp_path / "set", use="single")
    plain = PlainPictures(single.items[:1], SIZE, varied=True)
    taken = torch.stack([plain[0][0] for _ in range(100)])
    levels = ((taken[:, 0, 0] + 1) * 127.5).round()
    steps = levels.diff(dim=1).unique(dim=0)
    assert steps.unique().tolist() == [-1, 1]  # some mirrored, none resized
    assert levels.amin(1).unique().tolist() == [0, 1, 2, 3, 4]


def test_batches_hold_both_sides_of_as_many_pairs_as_asked(tmp_path, noise):
    write(tmp_path / "set" / "A", noise)
    write(tmp_path / "set" / "B", noise)
    pairs = understand(tmp_path / "set", use="pairs")
    batches = iter(loader(PlainPictures(pairs.items, SIZE, varied=True), 16, 0))
    for a, b in (next(batches) for _ in range(3)):  # more than there are: no end
        assert a.shape == b.shape == (16, 3, SIZE, SIZE)
        assert torch.equal(a, b)  # the same picture: cut and mirrored alike
        assert -1 <= a.min() < -0.5
        assert 0.5 < a.max() <= 1
