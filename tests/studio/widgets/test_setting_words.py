"""Tests for studio.widgets.setting_words."""

import pytest

from engines.configs import EngineConfig, settings_of
from engines.configs.pix2pix import Pix2PixConfig
from studio.widgets.setting_words import (
    number_words,
    parse_number,
    range_sentence,
    rounded,
    setting_words,
)

SETTINGS = {s.name: s for s in settings_of(Pix2PixConfig)}


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("image_size", 64, "64 × 64 pixels"),
        ("mirror", True, "on"),
        ("mirror", False, "off"),
        ("preview_every_s", 2.0, "2 s"),
        ("steps", 80_000, "80,000 steps"),
        ("learning_rate", 2e-4, "0.0002"),
        ("learning_rate", 1.5e-6, "1.5e-6"),
        ("seed", 2**31 - 1, "2,147,483,647"),
    ],
)
def test_values_read_as_a_person_writes_them(name, value, words):
    assert setting_words(SETTINGS[name], value) == words


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("learning_rate", "0.0002", 2e-4),
        ("learning_rate", " 2e-4 ", 2e-4),
        ("learning_rate", "0,0002", 2e-4),
        ("learning_rate", "2", None),
        ("learning_rate", "0", None),
        ("learning_rate", "nan", None),
        ("learning_rate", "inf", None),
        ("learning_rate", "", None),
        ("learning_rate", "fast", None),
        ("steps", "12,500", 12_500),
        ("steps", "12 500", 12_500),
        ("steps", "1.5", None),
        ("steps", "0", None),
        ("seed", "-1", None),
    ],
)
def test_numbers_are_read_as_they_are_typed(name, text, value):
    assert parse_number(SETTINGS[name], text) == value


def test_what_a_field_shows_can_be_read_again():
    for setting in settings_of(EngineConfig):
        if setting.kind in ("int", "float"):
            for value in (setting.default, setting.low, setting.high):
                text = number_words(value, grouped=False)
                assert parse_number(setting, text) == value


def test_the_range_is_told_in_a_sentence():
    assert range_sentence(SETTINGS["learning_rate"]) == (
        "Between 1e-7 and 0.1. Usual: 0.0002."
    )
    assert range_sentence(SETTINGS["batch_size"]) == (
        "A whole number from 1 to 256. Usual: 1."
    )


def test_numbers_are_cut_to_their_first_digits():
    assert rounded(1163.7, 2) == 1200
    assert rounded(0.0123456, 3) == 0.0123
