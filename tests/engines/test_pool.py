"""Tests for engines.pool."""

import pytest
import torch

from engines.pool import ImagePool


def numbered(*numbers):
    """Pictures (N, 1, 2, 2) that are told apart by their value."""
    values = torch.tensor(numbers, dtype=torch.float32)
    return values.view(-1, 1, 1, 1).expand(-1, 1, 2, 2).clone()


def numbers(pictures):
    return [int(picture.flatten()[0]) for picture in pictures]


def build(capacity=50, seed=0):
    return ImagePool(capacity, torch.Generator().manual_seed(seed))


def test_while_there_is_room_every_picture_is_kept_and_comes_back():
    pool = build()
    for first in range(0, 50, 5):
        wanted = list(range(first, first + 5))
        assert numbers(pool.swap(numbered(*wanted))) == wanted
    assert numbers(pool.pictures) == list(range(50))


def test_a_full_pool_gives_old_ones_half_of_the_time_and_puts_new_in_their_place():
    pool = build()
    pool.swap(numbered(*range(50)))
    held, swapped = set(range(50)), 0
    for new in range(50, 4_050):
        (given,) = numbers(pool.swap(numbered(new)))
        if given != new:
            swapped += 1
            held = held - {given} | {new}
        assert set(numbers(pool.pictures)) == held
    # 4,000 tosses of a coin: mean 2,000, standard deviation 31.6.
    assert swapped == pytest.approx(2_000, abs=4 * 31.6)


def test_every_place_is_as_likely_to_be_swapped():
    pool = build(capacity=4)
    pool.swap(numbered(0, 1, 2, 3))
    counts = [0] * 4
    for new in range(4, 8_004):
        before = numbers(pool.pictures)
        pool.swap(numbered(new))
        for place, number in enumerate(numbers(pool.pictures)):
            counts[place] += number != before[place]
    # 8,000 pictures, each to a given place with 1/8: 1,000 with deviation 29.6.
    assert counts == pytest.approx([1_000] * 4, abs=4 * 29.6)


def test_what_it_keeps_does_not_change_with_the_picture_it_was_given():
    pool = build()
    fakes = numbered(1, 2)
    pool.swap(fakes)
    fakes.zero_()
    assert numbers(pool.pictures) == [1, 2]


def test_without_capacity_everything_is_handed_on():
    pool = build(capacity=0)
    assert numbers(pool.swap(numbered(3, 4, 5))) == [3, 4, 5]
    assert pool.pictures == []


@pytest.mark.parametrize("count", [0, 3, 60])
def test_a_restored_pool_goes_on_as_the_first_would_have(count):
    rng = torch.Generator().manual_seed(5)
    pool = ImagePool(50, rng)
    for number in range(count):
        pool.swap(numbered(number))
    other_rng = torch.Generator()
    other_rng.set_state(rng.get_state())
    other = ImagePool(50, other_rng)
    other.load_state(pool.state().clone(), torch.device("cpu"))
    later = range(100, 300)
    assert [numbers(pool.swap(numbered(n))) for n in later] == [
        numbers(other.swap(numbered(n))) for n in later
    ]
