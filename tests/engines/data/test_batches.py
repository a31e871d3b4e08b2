"""Batches: reproducible, complete, and the same for both pictures of a pair."""

from collections import Counter

import pytest
import torch

from engines.configs.pix2pix import Pix2PixConfig
from engines.data.batches import PairBatches, load_size
from engines.data.store import PictureStore
from engines.pixels import as_floats

CPU = torch.device("cpu")


def make_store(count: int, side: int) -> PictureStore:
    """Pictures of noise whose answers are their negatives."""
    rng = torch.Generator().manual_seed(0)
    a = torch.randint(0, 256, (count, 3, side, side), generator=rng, dtype=torch.uint8)
    return store_of(a, 255 - a)


def store_of(a, b=None, labels=None) -> PictureStore:
    labels = torch.zeros(len(a), dtype=torch.int64) if labels is None else labels
    names = tuple(str(n) for n in range(len(a)))
    return PictureStore(a=a, b=b, labels=labels, names=names)


def make_batches(
    store: PictureStore,
    *,
    batch_size: int = 4,
    image_size: int = 32,
    seed: int = 1,
    crop: bool = True,
    mirror: bool = True,
) -> PairBatches:
    config = Pix2PixConfig(
        batch_size=batch_size,
        image_size=image_size,
        seed=seed,
        crop=crop,
        mirror=mirror,
    )
    return PairBatches(store, config, CPU)


def indices(batches: PairBatches, store: PictureStore, steps: range) -> list[int]:
    """Which stored picture stands where, found by comparing; for uncropped ones."""
    pictures = as_floats(store.a).flatten(1)
    taken = torch.cat([batches.batch(step).a for step in steps])
    both_ways = [torch.cdist(x.flatten(1), pictures) for x in (taken, taken.flip(-1))]
    return torch.minimum(*both_ways).argmin(1).tolist()


@pytest.mark.parametrize(("size", "stored"), [(256, 286), (128, 143), (64, 72)])
def test_crops_are_cut_from_286_to_256(size, stored):
    assert load_size(size, crop=True) == stored
    assert load_size(size, crop=False) == size


def test_bytes_span_minus_one_to_one():
    values = as_floats(torch.tensor([0, 51, 255], dtype=torch.uint8))
    assert values.tolist() == pytest.approx([-1, -0.6, 1], abs=1e-6)


def test_a_batch_is_float_and_in_range():
    batch = make_batches(make_store(5, 36)).batch(0)
    assert batch.a.shape == batch.b.shape == (4, 3, 32, 32)
    assert batch.a.dtype == torch.float32
    assert batch.a.min() == -1
    assert batch.a.max() == 1


def test_a_step_gives_the_same_batch_whatever_came_before():
    store = make_store(7, 36)
    unbroken = make_batches(store)
    run = [unbroken.batch(step) for step in range(10)]
    for step in (9, 3, 0):
        resumed = make_batches(store).batch(step)
        assert torch.equal(resumed.a, run[step].a)
        assert torch.equal(resumed.b, run[step].b)


def test_another_seed_and_another_epoch_give_another_order():
    store = make_store(20, 32)
    one, two = (
        indices(make_batches(store, seed=seed, crop=False), store, range(10))
        for seed in (1, 2)
    )
    assert one[:20] != two[:20]
    assert one[:20] != one[20:]


def test_every_epoch_shows_every_pair_once_over_batch_borders():
    # 7 pairs in batches of 4: 7 batches are 4 epochs.
    store = make_store(7, 32)
    order = indices(make_batches(store, crop=False), store, range(7))
    for epoch in range(4):
        assert sorted(order[epoch * 7 : epoch * 7 + 7]) == list(range(7))


def test_a_batch_may_be_larger_than_the_set():
    store = make_store(3, 32)
    batches = make_batches(store, crop=False, batch_size=8)
    assert Counter(indices(batches, store, range(3))) == {0: 8, 1: 8, 2: 8}


def test_both_pictures_of_a_pair_are_cropped_and_mirrored_alike():
    batches = make_batches(make_store(9, 36))
    for step in range(20):
        batch = batches.batch(step)
        torch.testing.assert_close(batch.b, -batch.a, atol=1e-6, rtol=0)


def test_crops_reach_every_corner_and_stay_inside():
    side = 36  # 5 offsets each way
    ramp = torch.arange(side, dtype=torch.uint8)
    a = torch.stack([ramp.expand(side, side), ramp[:, None].expand(side, side)])
    a = torch.cat([a, a[:1]])[None].contiguous()
    store = store_of(a, a)
    batches = make_batches(store, batch_size=8, mirror=False)
    corners = torch.cat([batches.batch(n).a[:, :2, 0, 0] for n in range(50)])
    offsets = Counter(map(tuple, ((corners + 1) * 127.5).round().int().tolist()))
    assert len(offsets) == 25
    # 400 draws over 25 places: 16 each, standard deviation 3.9.
    assert 2 <= min(offsets.values()) <= max(offsets.values()) <= 34
    whole = (batches.batch(0).a[0, 0, 0] + 1) * 127.5
    assert whole.diff().round().unique().tolist() == [1]


def mirrored_share(batches: PairBatches, steps: int) -> float:
    taken = torch.cat([batches.batch(step).a for step in range(steps)])
    return (taken[:, 0, 0, 0] > taken[:, 0, 0, -1]).float().mean().item()


def test_half_are_mirrored_and_that_can_be_changed_while_training():
    ramp = torch.arange(32, dtype=torch.uint8).expand(50, 3, 32, 32).contiguous()
    store = store_of(ramp, ramp)
    batches = make_batches(store, crop=False, batch_size=10)
    # 1,000 draws: standard deviation 0.016.
    assert mirrored_share(batches, 100) == pytest.approx(0.5, abs=0.06)
    batches.mirror = False
    assert mirrored_share(batches, 100) == 0


def test_the_offsets_do_not_depend_on_mirroring():
    store = make_store(6, 36)
    plain = make_batches(store, mirror=False).batch(3).a
    mirrored = make_batches(store, mirror=True).batch(3).a
    either = (mirrored == plain).flatten(1).all(1)
    flipped = (mirrored.flip(-1) == plain).flatten(1).all(1)
    assert bool((either ^ flipped).all())


def test_pictures_of_another_size_are_refused():
    with pytest.raises(ValueError, match="pictures must be 36 px, are 32 px"):
        make_batches(make_store(2, 32))
