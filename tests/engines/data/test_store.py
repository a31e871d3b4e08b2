"""Decoding a set of pairs into memory."""

import itertools
import os
import shutil
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from engines.data import kept, sets
from engines.data import store as store_module
from engines.data.images import decode
from engines.data.making import make_input
from engines.data.sets import Item, PictureSet, Source
from engines.data.store import load_store
from engines.errors import Cancelled, DataError, PictureError

pytestmark = pytest.mark.usefixtures("cache")


@pytest.fixture
def decoded(monkeypatch):
    """Names of the files that were decoded, in any order."""
    names = []

    def counting(path):
        names.append(path.name)
        return decode(path)

    monkeypatch.setattr(sets, "decode", counting)
    return names


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
    assert store.a[3].is_contiguous()
    assert store.b[3].is_contiguous()
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


@pytest.fixture
def full_disk(monkeypatch):
    """A disk on which 1 MB is free; whoever asks is told so."""
    usage = shutil.disk_usage("/")._replace(free=1_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: usage)


@pytest.mark.usefixtures("full_disk")
def test_what_fits_neither_on_the_disk_nor_in_memory_is_refused(tmp_path, monkeypatch):
    # 2 * 10,000 * 3 * 512 * 512 bytes are 15.7 GB.
    pairs = make_pairs(tmp_path, 1) * 10_000
    monkeypatch.setattr(store_module, "free_memory", lambda: 8_000_000_000)
    words = r"need 15\.7 GB\. .* \(No space left on device\), and 8\.0 GB of memory are"
    with pytest.raises(DataError, match=words):
        load_pairs(pairs, 512)


@pytest.mark.usefixtures("full_disk")
def test_on_a_full_disk_pictures_are_in_memory_and_that_is_said(tmp_path, cache):
    pairs = make_pairs(tmp_path, 3)
    pairs[1].a.path.write_bytes(b"")
    store = load_pairs(pairs, 8)
    assert store.a[:, 0, 0, 0].tolist() == [0, 2]
    assert store.b[:, 2, 7, 7].tolist() == [100, 102]
    kinds = [problem.kind for problem in store.problems]
    assert kinds == ["not_kept", "unreadable"]
    assert "could not be kept" in store.problems[0].words
    assert "(No space left on device)" in store.problems[0].words
    assert list((cache / "pictures").iterdir()) == []


def test_a_folder_that_may_not_be_written_is_told_of_as_well(tmp_path, cache):
    cache.write_text("a file where the folder should be")
    store = load_pairs(make_pairs(tmp_path, 2), 8)
    assert store.names == ("0", "1")
    assert "(Not a directory)" in store.problems[0].words


def test_this_machine_says_how_much_memory_is_free():
    free = store_module.free_memory()
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


def test_pairs_of_different_shape_are_left_out(tmp_path):
    pairs = make_pairs(tmp_path, 3)
    Image.new("RGB", (16, 20)).save(pairs[1].b.path)
    store = load_pairs(pairs, 8)
    assert store.names == ("0", "2")
    assert [problem.words for problem in store.problems] == [
        "1_a.png and its answer 1_b.png differ in shape: 16 × 16 and 16 × 20."
    ]


def singles(pairs, use, groups=()):
    items = tuple(Item(pair.name, pair.a, group=n) for n, pair in enumerate(pairs))
    return PictureSet(
        folder=pairs[0].a.path.parent,
        layout="flat",
        use=use,
        groups=groups,
        items=items,
    )


def test_inputs_are_made_where_there_are_none(tmp_path):
    pictures = singles(make_pairs(tmp_path, 3), "fill", ("with holes", "whole"))
    store = load_store(pictures, pictures.items, 16)
    assert store.b[:, 0, 0, 0].tolist() == [0, 1, 2]
    for name, a, b in zip(store.names, store.a, store.b, strict=True):
        made = make_input("fill", b.permute(1, 2, 0).numpy(), name)
        assert np.array_equal(a.permute(1, 2, 0).numpy(), made)


def test_grey_pictures_have_one_channel_and_keep_their_classes(tmp_path):
    pairs = make_pairs(tmp_path, 3)
    Image.new("RGB", (16, 16), (255, 0, 0)).save(pairs[2].a.path)
    pictures = singles(pairs, "single", ("x", "y", "z"))
    store = load_store(pictures, pictures.items, 8, channels=1)
    assert store.b is None
    assert store.a.shape == (3, 1, 8, 8)
    assert store.a[2].unique().tolist() == [76]  # 0.299 of 255
    assert store.labels.tolist() == [0, 1, 2]


# ----------------------------------------------------------------------------
# The next start.


def test_the_next_start_decodes_nothing_and_finds_the_same(tmp_path, decoded):
    pairs = make_pairs(tmp_path, 5)
    pairs[3].b.path.write_bytes(b"no picture")
    first = load_pairs(pairs, 8)
    decoded.clear()
    seen = []
    again = load_pairs(pairs, 8, progress=lambda *counts: seen.append(counts))
    assert decoded == ["3_a.png", "3_b.png"]  # perhaps it can be read by now
    assert seen == [(5, 5)]
    assert torch.equal(again.a, first.a)
    assert torch.equal(again.b, first.b)
    assert torch.equal(again.labels, first.labels)
    assert (again.names, again.problems) == (first.names, first.problems)


def test_changing_a_store_in_memory_does_not_change_what_is_kept(tmp_path):
    pairs = make_pairs(tmp_path, 2)
    load_pairs(pairs, 8).a.fill_(9)
    assert load_pairs(pairs, 8).a[:, 0, 0, 0].tolist() == [0, 1]


def change_file(pairs):
    Image.new("RGB", (16, 16), (50, 0, 0)).save(pairs[1].a.path)


def swap_sides(pairs):
    pairs[:] = [Item(pair.name, pair.b, pair.a) for pair in pairs]


def leave_one_out(pairs):
    del pairs[0]


@pytest.mark.parametrize("change", [change_file, swap_sides, leave_one_out])
def test_other_pictures_are_decoded_anew(tmp_path, decoded, change):
    pairs = make_pairs(tmp_path, 3)
    load_pairs(pairs, 8)
    decoded.clear()
    change(pairs)
    load_pairs(pairs, 8)
    assert len(decoded) == 2 * len(pairs)


def test_other_settings_are_decoded_anew(tmp_path, decoded):
    pairs = make_pairs(tmp_path, 2)
    settings = {"size": 8, "shape": "cut", "channels": 3}
    for change in ({}, {"size": 9}, {"shape": "stretch"}, {"channels": 1}):
        decoded.clear()
        load_pairs(pairs, **{**settings, **change})
        assert len(decoded) == 4


def test_each_task_is_kept_apart(tmp_path):
    pairs = make_pairs(tmp_path, 2)
    stores = [
        load_store(pictures, pictures.items, 8).a
        for pictures in (singles(pairs, "edges"), singles(pairs, "denoise"))
    ]
    assert not torch.equal(*stores)


def test_a_file_that_can_be_read_again_is_used_again(tmp_path, monkeypatch):
    pairs = make_pairs(tmp_path, 3)

    def out_of_memory(path):
        if path.name == "1_a.png":
            raise PictureError(path, "is too large for the memory that is free")
        return decode(path)

    monkeypatch.setattr(sets, "decode", out_of_memory)
    assert load_pairs(pairs, 8).names == ("0", "2")
    monkeypatch.setattr(sets, "decode", decode)
    store = load_pairs(pairs, 8)
    assert store.names == ("0", "1", "2")
    assert store.problems == ()


def test_cancelling_leaves_nothing_on_the_disk(tmp_path, cache):
    asked = itertools.count()
    with pytest.raises(Cancelled):
        load_pairs(make_pairs(tmp_path), 8, cancelled=lambda: next(asked) >= 5)
    assert list((cache / "pictures").iterdir()) == []


def cut_off(folder):
    rows = folder / "rows"
    rows.write_bytes(rows.read_bytes()[:-1])


def zero(folder):
    rows = folder / "rows"
    rows.write_bytes(bytes(len(rows.read_bytes())))


def say_nothing(folder):
    (folder / "about.json").write_text("")


def say_something_else(folder):
    (folder / "about.json").write_text('{"count": 3}')


def lose_rows(folder):
    (folder / "rows").unlink()


@pytest.mark.parametrize(
    "damage", [cut_off, zero, say_nothing, say_something_else, lose_rows]
)
def test_damaged_or_foreign_files_are_decoded_again(tmp_path, cache, decoded, damage):
    pairs = make_pairs(tmp_path, 3)
    load_pairs(pairs, 8)
    (folder,) = (cache / "pictures").iterdir()
    damage(folder)
    decoded.clear()
    for _ in range(2):
        assert load_pairs(pairs, 8).b[:, 2, 7, 7].tolist() == [100, 101, 102]
    assert len(decoded) == 6  # once
    assert list((cache / "pictures").iterdir()) == [folder]


def test_two_windows_that_decode_the_same_do_not_harm_each_other(tmp_path, cache):
    pairs = make_pairs(tmp_path, 12)
    start, stores = threading.Barrier(3), []

    def window():
        start.wait(10)
        stores.append(load_pairs(pairs, 8))

    threads = [threading.Thread(target=window) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(stores) == 3
    for store in stores:
        assert store.a[:, 0, 0, 0].tolist() == list(range(12))
        assert store.problems == ()
    assert len(list((cache / "pictures").iterdir())) == 1


def test_the_sets_not_used_for_longest_make_room(tmp_path, cache, monkeypatch):
    pairs = make_pairs(tmp_path, 4)
    folders = []
    for days, pair in enumerate(pairs[:3], start=2):
        load_pairs([pair], 8)
        (new,) = set((cache / "pictures").iterdir()) - set(folders)
        folders.append(new)
        day = new.stat().st_mtime - days * 86_400
        os.utime(new, (day, day))
    monkeypatch.setattr(kept, "KEPT_BYTES", 1_500)  # 384 bytes and their words each
    load_pairs(pairs[2:3], 8)  # the oldest is used again
    load_pairs(pairs[3:], 8)
    assert [folder.exists() for folder in folders] == [True, False, True]


def test_what_a_killed_process_left_half_made_goes_after_a_day(tmp_path, cache):
    pairs = make_pairs(tmp_path, 2)
    old, new = (cache / "pictures" / f".{age}.part" for age in ("old", "new"))
    for part in (old, new):
        part.mkdir(parents=True)
        (part / "rows").write_bytes(b"half")
    yesterday = old.stat().st_mtime - 90_000
    os.utime(old, (yesterday, yesterday))
    load_pairs(pairs, 8)
    assert not old.exists()
    assert new.exists()


@pytest.mark.skipif(sys.platform != "linux", reason="other disks may store the zeros")
def test_a_set_larger_than_memory_can_be_mapped(tmp_path):
    size = 1 << 40  # 1 TB, of which the disk stores nothing
    with (tmp_path / "rows").open("wb") as file:
        file.truncate(size)
    rows = kept._mapped(tmp_path / "rows", (size >> 20, 1, 1, 1024, 1024))
    assert rows[-1].max() == 0
    assert torch.from_numpy(rows).shape[0] == 1 << 20
