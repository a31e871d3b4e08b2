"""Decoding a set of pairs into memory."""

import itertools
import threading
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from engines.data import store as store_module
from engines.data.sets import Item, PictureSet, Source
from engines.data.store import load_store
from engines.errors import Cancelled, DataError


def load_pairs(pairs, size, **options):
    """Load items as the pairs of a set."""
    pictures = PictureSet(
        folder=Path(),
        layout="folders",
        use="pairs",
        groups=("a", "b"),
        items=tuple(pairs),
    )
    return load_store(pictures, pairs, size, **options)


def make_pairs(folder: Path, count: int = 12, side: int = 16) -> list[Item]:
    """Item n is of colour n, its answer of colour 100 + n."""
    pairs = []
    for n in range(count):
        a, b = folder / f"{n}_a.png", folder / f"{n}_b.png"
        Image.new("RGB", (side, side), (n, 0, 0)).save(a)
        Image.new("RGB", (side, side), (0, 0, 100 + n)).save(b)
        pairs.append(Item(str(n), Source(a), Source(b)))
    return pairs


def test_every_pair_is_there_in_order(tmp_path):
    pairs = make_pairs(tmp_path)
    store = load_pairs(pairs, 8, workers=4)
    assert len(store) == 12
    assert store.names == tuple(pair.name for pair in pairs)
    assert store.a.shape == store.b.shape == (12, 3, 8, 8)
    assert store.a.dtype == torch.uint8
    assert store.a.is_contiguous()
    assert store.b.is_contiguous()
    assert store.a[:, 0, 0, 0].tolist() == list(range(12))
    assert store.b[:, 2, 7, 7].tolist() == list(range(100, 112))
    assert store.problems == ()


def test_channels_come_first_and_rows_stay_rows(tmp_path):
    rgb = np.random.default_rng(1).integers(0, 256, (8, 8, 3), np.uint8)
    Image.fromarray(rgb).save(tmp_path / "x.png")
    side = Source(tmp_path / "x.png")
    store = load_pairs([Item("x", side, side)], 8)
    assert np.array_equal(store.a[0].numpy(), rgb.transpose(2, 0, 1))


def test_a_damaged_file_is_left_out_and_named(tmp_path):
    pairs = make_pairs(tmp_path, 4)
    whole = pairs[2].b.path.read_bytes()
    pairs[2].b.path.write_bytes(whole[: len(whole) // 2])
    store = load_pairs(pairs, 8)
    assert store.names == ("0", "1", "3")
    assert store.a[:, 0, 0, 0].tolist() == [0, 1, 3]
    assert [(p.kind, p.path) for p in store.problems] == [
        ("unreadable", pairs[2].b.path)
    ]


def test_small_pictures_are_enlarged_and_counted_once(tmp_path):
    store = load_pairs(make_pairs(tmp_path, 3, side=4), 8)
    assert store.a.shape == (3, 3, 8, 8)
    assert [p.words for p in store.problems] == [
        "3 pictures are smaller than 8 px and enlarged."
    ]


def test_nothing_usable_is_an_error(tmp_path):
    pairs = make_pairs(tmp_path, 2)
    for pair in pairs:
        pair.a.path.unlink()
    with pytest.raises(DataError, match=r"None of the 2 pictures .* 0_a\.png is not"):
        load_pairs(pairs, 8)
    with pytest.raises(DataError, match=r"None of the 0 pictures can be used\.$"):
        load_pairs([], 8)


def test_too_little_memory_is_said_before_it_runs_out(tmp_path, monkeypatch):
    # 2 * 10,000 * 3 * 512 * 512 bytes are 15.7 GB.
    pairs = make_pairs(tmp_path, 1) * 10_000
    monkeypatch.setattr(store_module, "_free_memory", lambda: 8_000_000_000)
    with pytest.raises(DataError, match=r"need 15\.7 GB of memory, and 8\.0 GB are"):
        load_pairs(pairs, 512)


def test_this_machine_says_how_much_memory_is_free():
    free = store_module._free_memory()
    assert free is None or 1e6 < free < 1e15


def test_progress_comes_in_the_calling_thread(tmp_path):
    seen: list[tuple[int, int, int]] = []

    def progress(done: int, total: int) -> None:
        seen.append((done, total, threading.get_ident()))

    load_pairs(make_pairs(tmp_path, 3), 8, progress=progress)
    here = threading.get_ident()
    assert seen == [(1, 3, here), (2, 3, here), (3, 3, here)]


def test_cancelling_leaves_the_rest_undone(tmp_path):
    done: list[int] = []
    asked = itertools.count()
    with pytest.raises(Cancelled):
        load_pairs(
            make_pairs(tmp_path),
            8,
            progress=lambda n, _: done.append(n),
            cancelled=lambda: next(asked) >= 5,
        )
    assert len(done) <= 5


def test_one_pair_is_spoken_of_as_one(tmp_path):
    (pair,) = make_pairs(tmp_path, 1, side=4)
    assert load_pairs([pair], 8).problems[0].words == (
        "1 picture is smaller than 8 px and enlarged."
    )
    pair.a.path.unlink()
    with pytest.raises(DataError, match=r"^The only picture cannot be used\. The "):
        load_pairs([pair], 8)
