"""Batches: reproducible, complete, and alike where pictures belong together."""

from collections import Counter

import pytest
import torch

from engines.configs.cyclegan import CycleGANConfig
from engines.configs.pix2pix import Pix2PixConfig
from engines.configs.wgan import WGANConfig
from engines.data import batches as batches_module
from engines.data.batches import PairBatches, PictureBatches, StyleBatches, load_size
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


# ----------------------------------------------------------------------------
# Two styles and single pictures. Every picture is of one level, which tells it.


def flat_store(*counts: int, channels: int = 3) -> PictureStore:
    """Groups of so many pictures; picture 2 of group 1 is 102 all over."""
    levels = torch.tensor([100 * g + n for g, c in enumerate(counts) for n in range(c)])
    a = levels.to(torch.uint8)[:, None, None, None].expand(-1, channels, 32, 32)
    return store_of(a.contiguous(), labels=levels // 100)


def levels_of(x: torch.Tensor) -> list[int]:
    """Which pictures a batch holds."""
    assert bool((x == x[:, :1, :1, :1]).all())
    return ((x[:, 0, 0, 0] + 1) * 127.5).round().int().tolist()


def style_batches(store: PictureStore, *, seed: int = 1) -> StyleBatches:
    config = CycleGANConfig(batch_size=4, image_size=32, seed=seed, crop=False)
    return StyleBatches(store, config, CPU)


def styles_shown(batches: StyleBatches, steps: int) -> tuple[list[int], list[int]]:
    shown = [batches.batch(step) for step in range(steps)]
    a = [level for batch in shown for level in levels_of(batch.a)]
    b = [level - 100 for batch in shown for level in levels_of(batch.b)]
    return a, b


def test_each_style_has_epochs_of_its_own_over_batch_borders():
    # 21 batches of 4 are 28 epochs of three pictures, and 12 of seven.
    a, b = styles_shown(style_batches(flat_store(3, 7)), 21)
    for shown, count in ((a, 3), (b, 7)):
        for first in range(0, 84, count):
            assert sorted(shown[first : first + count]) == list(range(count))


def test_two_styles_are_drawn_independently_of_each_other():
    a, b = styles_shown(style_batches(flat_store(5, 5)), 200)
    together = Counter(zip(a, b, strict=True))
    # 800 draws over 25 places: 32 each, standard deviation 5.5.
    assert len(together) == 25
    assert 12 <= min(together.values()) <= max(together.values()) <= 52


def test_the_order_of_a_style_does_not_depend_on_the_other():
    alone, _ = styles_shown(style_batches(flat_store(6, 3)), 9)
    crowded, _ = styles_shown(style_batches(flat_store(6, 50)), 9)
    assert alone == crowded


def test_a_step_shows_the_same_of_both_styles_whatever_came_before():
    store = flat_store(5, 8)
    unbroken = style_batches(store)
    run = [unbroken.batch(step) for step in range(7)]
    for step in (6, 2):
        resumed = style_batches(store).batch(step)
        assert torch.equal(resumed.a, run[step].a)
        assert torch.equal(resumed.b, run[step].b)
    assert styles_shown(style_batches(store, seed=2), 7) != styles_shown(unbroken, 7)


def picture_batches(store: PictureStore, *, critic_steps: int = 1) -> PictureBatches:
    config = WGANConfig(
        batch_size=4, critic_steps=critic_steps, image_size=32, crop=False
    )
    return PictureBatches(store, config, CPU)


def test_labels_follow_their_pictures():
    batches = picture_batches(flat_store(6, 2, 3))
    shown = Counter()
    for step in range(11):
        batch = batches.batch(step)
        assert batch.labels.dtype == torch.int64
        assert batch.labels.tolist() == [n // 100 for n in levels_of(batch.x)]
        shown.update(levels_of(batch.x))
    # 11 batches of 4, out of 11 pictures.
    assert len(shown) == 11
    assert set(shown.values()) == {4}


@pytest.mark.parametrize("channels", [1, 3])
def test_grey_pictures_have_one_channel(channels):
    batch = picture_batches(flat_store(5, channels=channels)).batch(0)
    assert batch.x.shape == (4, channels, 32, 32)
    assert batch.x.dtype == torch.float32


def test_a_step_holds_pictures_for_every_turn_of_the_critic():
    batches = picture_batches(flat_store(40), critic_steps=5)
    assert batches.pictures_per_step == 20
    first, second = (levels_of(batches.batch(step).x) for step in (0, 1))
    assert sorted(first + second) == list(range(40))


def test_every_kind_of_picture_has_its_batches():
    pairs, styles = make_store(2, 32), flat_store(2, 2)
    config = CycleGANConfig(image_size=32, crop=False)
    make = batches_module.make_batches
    assert isinstance(make("pairs", pairs, config, CPU), PairBatches)
    assert isinstance(make("styles", styles, config, CPU), StyleBatches)
    assert isinstance(make("single", styles, config, CPU), PictureBatches)


@pytest.mark.parametrize("side", [32, 64])
def test_whole_pictures_are_the_stored_ones_or_their_mirror_images(side):
    store = make_store(50, side)
    batches = make_batches(store, batch_size=70, image_size=side, crop=False)
    batch = batches.batch(1)
    wanted, mirrored = as_floats(store.a), 0
    for a, b in zip(batch.a, batch.b, strict=True):
        same = [torch.equal(a, one) for one in wanted]
        turned = [torch.equal(a, one.flip(-1)) for one in wanted]
        assert sum(same) + sum(turned) == 1
        mirrored += sum(turned)
        assert torch.allclose(b, -a, atol=1e-6)
    assert 15 < mirrored < 55  # of 70: 35 ± 5 standard deviations of 4.2


def windows_of(picture: torch.Tensor, size: int) -> torch.Tensor:
    """Every window of a picture (C, L, L), then all of them mirrored."""
    windows = picture.unfold(1, size, 1).unfold(2, size, 1)  # (C, K, K, S, S)
    windows = windows.permute(1, 2, 0, 3, 4).flatten(0, 1)
    return torch.cat([windows, windows.flip(-1)])


@pytest.mark.parametrize("size", [32, 64])
def test_a_cropped_picture_is_a_window_of_a_stored_one_to_the_bit(size):
    store = make_store(3, load_size(size, crop=True))
    batch = make_batches(store, image_size=size, batch_size=7).batch(1)
    windows = torch.cat([windows_of(picture, size) for picture in as_floats(store.a)])
    places = [torch.nonzero((windows == a).flatten(1).all(1)) for a in batch.a]
    assert [len(found) for found in places] == [1] * 7


def test_every_byte_becomes_the_number_that_torch_makes_of_it():
    levels = torch.arange(256, dtype=torch.uint8).repeat(4).view(1, 1, 32, 32)
    store = store_of(levels.expand(2, 3, 32, 32).contiguous())
    config = WGANConfig(batch_size=1, image_size=32, crop=False, mirror=False)
    x = PictureBatches(store, config, CPU).batch(0).x
    assert torch.equal(x[0, 0], as_floats(levels)[0, 0])


@pytest.mark.parametrize("crop", [True, False])
def test_pictures_that_live_on_a_card_are_cut_and_mirrored_alike(monkeypatch, crop):
    store = make_store(5, load_size(32, crop))
    apart = make_batches(store, crop=crop, batch_size=13).batch(2)
    monkeypatch.setattr(batches_module, "_fits", lambda pictures, device: True)
    there = make_batches(store, crop=crop, batch_size=13).batch(2)
    assert torch.equal(there.a, apart.a)
    assert torch.equal(there.b, apart.b)
