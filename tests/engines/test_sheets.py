"""Tests for engines.sheets."""

import numpy as np
import pytest

from engines.errors import RunError
from engines.sheets import contact_sheet, write_run_sheet

RNG = np.random.default_rng(0)


def pictures(count, side):
    return RNG.integers(0, 200, (count, side, side, 3), dtype=np.uint8)


def test_every_picture_is_in_its_column_and_row_pixel_for_pixel():
    columns = {"Input": pictures(2, 64), "Output": pictures(2, 64)}
    sheet = contact_sheet(columns)
    assert sheet.shape == (28 + 2 * 200, 8 + 2 * 200, 3)  # 64 × 3 = 192, and a gap
    for column, stack in enumerate(columns.values()):
        for row, picture in enumerate(stack):
            top, left = 28 + 200 * row, 8 + 200 * column
            tile = sheet[top : top + 192, left : left + 192]
            assert (tile[1::3, 1::3] == picture).all()
            assert (tile[::3, ::3] == picture).all()
    assert (sheet[:, :8] == 255).all()
    assert (sheet[28 + 192 : 28 + 200] == 255).all()


@pytest.mark.parametrize(
    ("side", "shown"), [(32, 192), (128, 256), (256, 256), (512, 512)]
)
def test_large_pictures_are_shown_as_they_are(side, shown):
    sheet = contact_sheet({"Input": pictures(1, side)})
    assert sheet.shape == (28 + shown + 8, 8 + shown + 8, 3)


def test_captions_are_written_above_their_columns_and_never_into_the_next():
    one = pictures(1, 64)
    empty = contact_sheet({"": one, " ": one})
    assert (empty[:28] == 255).all()
    sheet = contact_sheet({"A very long name " * 9: one, " ": one})
    caption = sheet[:28]
    assert (caption[:, 8:200] < 100).any()
    assert (caption[:, 200:] == 255).all()


def test_a_folder_without_a_run_has_no_sheet(tmp_path):
    with pytest.raises(RunError, match="There is no run in"):
        write_run_sheet(tmp_path)
    assert list(tmp_path.iterdir()) == []
