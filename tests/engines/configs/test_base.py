"""Tests for engines.configs: one place for defaults, ranges, help and sentences."""

import pytest
from pydantic import ValidationError

from engines.catalogue import ENGINES, engine_entry
from engines.configs import GROUP_LABELS, ConfigError, settings_of
from engines.configs.pix2pix import Pix2PixConfig
from engines.errors import RunError


def test_the_defaults_are_the_papers():
    config = Pix2PixConfig()
    paper = {
        "image_size": 256,
        "batch_size": 1,
        "learning_rate": 2e-4,
        "beta1": 0.5,
        "l1_weight": 100.0,
        "patch": "70",
        "generator_width": 64,
        "critic_width": 64,
        "dropout": 0.5,
        "steps": 400 * 200,
    }
    assert {name: getattr(config, name) for name in paper} == paper


@pytest.mark.parametrize("entry", ENGINES.values(), ids=lambda e: e.name)
def test_every_setting_explains_itself(entry):
    for setting in settings_of(entry.config):
        assert setting.label, setting.name
        assert setting.help.endswith("."), setting.name
        assert setting.group in GROUP_LABELS
        if setting.kind == "choice":
            assert setting.default in [value for value, _ in setting.choices]
        elif setting.kind != "bool":
            assert setting.low <= setting.default <= setting.high


@pytest.mark.parametrize("entry", ENGINES.values(), ids=lambda e: e.name)
def test_every_preset_is_a_config_a_run_can_use(entry):
    assert set(entry.presets) == {"quick", "normal", "best"}
    for preset in entry.presets.values():
        config = entry.config.checked(preset.values)
        assert {name: getattr(config, name) for name in preset.values} == preset.values


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        (
            {"learning_rate": 3},
            r"Learning rate \(learning_rate\) must be a number from 1e-07 to 0.1; "
            r"it is 3. Usual: 0.0002.",
        ),
        ({"image_size": 65}, r"\(image_size\) must be one of 32, 64, 128, 256, 512"),
        ({"steps": "many"}, r"Length \(steps\) must be a whole number from 1 to"),
        ({"mirror": "perhaps"}, r"\(mirror\) must be on or off; it is perhaps"),
        ({"colour": 1}, "There is no setting 'colour'."),
        ({"learning_rate": float("nan")}, r"\(learning_rate\) must be a number"),
        (
            {"adversary": "none", "l1_weight": 0},
            r"Without a critic, Closeness to target \(l1_weight\) must be above 0.",
        ),
    ],
)
def test_a_wrong_value_gets_a_sentence_with_its_name_and_rule(values, sentence):
    with pytest.raises(ConfigError, match=sentence):
        Pix2PixConfig.checked(values)


def test_a_change_is_checked_and_leaves_the_original_alone():
    config = Pix2PixConfig()
    assert config.changed(l1_weight=10).l1_weight == 10
    assert config.l1_weight == 100
    with pytest.raises(ConfigError):
        config.changed(l1_weight=-1)
    with pytest.raises(ValidationError):
        config.l1_weight = 3


def test_a_config_survives_json():
    config = Pix2PixConfig(image_size=64, patch="16", mirror=False)
    assert Pix2PixConfig.model_validate_json(config.model_dump_json()) == config
    assert config.differences() == {"image_size": 64, "patch": "16", "mirror": False}


def test_an_engine_of_another_version_is_refused_in_words():
    with pytest.raises(RunError, match="There is no engine 'stargan' here"):
        engine_entry("stargan")
