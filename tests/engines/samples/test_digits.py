"""Tests for engines.samples.digits."""

import numpy as np
import pytest

from engines.samples.digits import Hand, draw_digit, smooth, write, write_digits

HANDS = 60


@pytest.fixture(scope="module")
def digits():
    """Grey pictures (10, hands, 28, 28) in 0-1; the hands of no two digits agree."""
    return (
        np.array(
            [
                [draw_digit(d, 10 * hand + d, 28) for hand in range(HANDS)]
                for d in range(10)
            ]
        )
        / 255.0
    )


def test_digits_are_white_on_black_with_room_around_them(digits):
    assert digits.shape == (10, HANDS, 28, 28)
    assert (digits.max(axis=(2, 3)) == 1).all()
    edges = np.concatenate([digits[..., 0, :], digits[..., -1, :]], axis=-1)
    assert edges.max() == 0
    ink = digits.mean(axis=(2, 3))
    assert 0.02 < ink.min() < ink.max() < 0.4


def test_a_digit_is_recognised_by_digits_of_other_hands(digits):
    """The nearest of 500 others has the same digit nearly always."""
    known, asked = digits[:, :50].reshape(500, -1), digits[:, 50:].reshape(100, -1)
    distance = ((asked[:, None] - known) ** 2).sum(axis=-1)
    found = distance.argmin(axis=1) // 50
    right = (found == np.arange(100) // 10).mean()
    assert right > 0.85  # chance is 0.1


def test_hands_differ_as_much_as_digits_need(digits):
    """No two are alike, and hands make up much of what varies."""
    flat = digits.reshape(10 * HANDS, -1)
    assert len(np.unique(flat, axis=0)) == 10 * HANDS
    within = digits.var(axis=1).sum(axis=(1, 2)).mean()
    over_all = flat.var(axis=0).sum()
    assert 0.4 < within / over_all < 0.85


def test_a_line_is_written_where_the_hand_says():
    line = np.array([[0.5, 0.0], [0.5, 1.4]])  # the middle of the box, all its height
    hand = Hand(slant=0.0, scale=0.5, pen=0.1, shift=(0.25, 0.0))
    ink = write([smooth(line)], hand, 40)
    rows, columns = np.nonzero(ink > 127)
    assert columns.mean() == pytest.approx(29.5, abs=0.6)  # 0.75 of 40 pixels
    assert rows.mean() == pytest.approx(19.5, abs=0.6)
    assert np.ptp(columns) + 1 == pytest.approx(4, abs=1)  # the pen
    assert np.ptp(rows) + 1 == pytest.approx(24, abs=1)  # half of 40 and the pen


def test_slant_leans_the_top_to_the_right():
    line = np.array([[0.5, 0.0], [0.5, 1.4]])
    ink = write([smooth(line)], Hand(slant=0.3), 64)
    top, bottom = np.flatnonzero(ink[14]).mean(), np.flatnonzero(ink[50]).mean()
    assert top - bottom == pytest.approx(0.3 * 36, abs=1)


def test_a_smooth_way_goes_through_its_corners():
    corners = np.array([[0.0, 0.0], [0.3, 0.5], [1.0, 0.4], [0.6, 1.2]])
    way = smooth(corners)
    for corner in corners:
        assert np.abs(way - corner).max(axis=1).min() < 1e-9
    assert np.hypot(*np.diff(way, axis=0).T).max() < 0.03


def test_the_folders_are_classes_of_one_size(tmp_path):
    folder = write_digits(tmp_path / "set", count=20)
    for digit in range(10):
        assert len(list((folder / str(digit)).glob("*.png"))) == 2


def test_there_is_no_eleventh_digit():
    with pytest.raises(ValueError, match="digit must be 0 to 9, got 10"):
        draw_digit(10, 0, 28)
