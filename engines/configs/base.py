"""The settings that every engine has, and how an engine takes them over."""

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from engines.configs.errors import ConfigError, sentences
from engines.configs.settings import setting


class EngineConfig(BaseModel):
    """The settings that every engine has. Frozen: a change makes a new object."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        use_attribute_docstrings=True,
        allow_inf_nan=False,
        validate_default=True,
        defer_build=True,  # until first use: a window opens before four of five are
    )

    # An engine says which sides it can, with `picture_size`.
    image_size: int = setting(256, label="Picture size", group="main", ge=1, le=4096)
    """Side of the square it trains on, in pixels. Twice the side takes about four
    times as long."""

    steps: int = setting(
        80_000,
        label="Length",
        group="main",
        change="restart",
        ge=1,
        le=10_000_000,
        unit="steps",
        log=True,
        basic=True,
    )
    """How many times it looks at a few pictures and improves. Where the learning
    rate falls towards the end, the last steps matter most."""

    batch_size: int = setting(
        1,
        label="Pictures per step",
        group="main",
        change="restart",
        ge=1,
        le=256,
        log=True,
        basic=True,
    )
    """More pictures a step are steadier and slower, and need more memory."""

    learning_rate: float = setting(
        2e-4,
        label="Learning rate",
        group="learning",
        change="live",
        ge=1e-7,
        le=0.1,
        log=True,
        basic=True,
    )
    """How far each step moves the networks. Lower it when the numbers run away."""

    decay_from: float = setting(
        1.0,
        label="Learning rate falls from",
        group="learning",
        change="restart",
        ge=0,
        le=1,
    )
    """Share of the run after which the learning rate falls in a line to zero; 1 keeps
    it as it is."""

    ema_decay: float = setting(
        0.0,
        label="Averaged weights",
        group="learning",
        change="restart",
        ge=0,
        le=0.9999,
    )
    """Previews and results use a running average of the painter with this decay;
    0 uses the painter as it is."""

    crop: bool = setting(
        True, label="Crop at random", group="pictures", change="restart"
    )
    """Shows a slightly different part of each picture every time (enlarge to
    286/256, cut back), the same for both pictures of a pair."""

    mirror: bool = setting(
        True, label="Mirror at random", group="pictures", change="live", basic=True
    )
    """Shows every other picture mirrored left to right. Turn it off for writing
    and other things that have a side."""

    shape: Literal["cut", "stretch"] = setting(
        "cut",
        label="Pictures that are not square",
        group="pictures",
        choices={"cut": "Cut to the middle", "stretch": "Stretch to a square"},
    )
    """How a picture that is not square becomes one for training."""

    held_out: float = setting(
        0.1,
        label="Held out",
        group="pictures",
        ge=0.01,
        le=0.5,
    )
    """Share of the pictures kept back to measure on, never trained on. Folders
    named val or test are used instead where they exist."""

    seed: int = setting(42, label="Seed", group="machine", ge=0, le=2**31 - 1)
    """The same seed, pictures and settings give the same result on a CPU."""

    device: Literal["auto", "cpu", "cuda", "mps"] = setting(
        "auto",
        label="Device",
        group="machine",
        change="restart",
        choices={
            "auto": "The fastest there is",
            "cpu": "Processor",
            "cuda": "NVIDIA graphics card",
            "mps": "Apple graphics",
        },
    )
    """Where it computes. What was chosen is shown while it trains."""

    precision: Literal["auto", "fp32", "bf16"] = setting(
        "auto",
        label="Precision",
        group="machine",
        change="restart",
        choices={
            "auto": "Chosen for the device",
            "fp32": "32 bit",
            "bf16": "16 bit (bfloat16)",
        },
    )
    """16 bit is much faster on hardware that is made for it, such as recent graphics
    cards, and hardly changes the result. Weights are always kept in 32 bit."""

    preview_every_s: float = setting(
        2.0,
        label="New preview every",
        group="machine",
        change="live",
        ge=0.2,
        le=600,
        unit="s",
        log=True,
        basic=True,
    )
    """Seconds between two previews. They never change what is learnt."""

    measure_every_s: float = setting(
        15.0,
        label="Measure every",
        group="machine",
        change="live",
        ge=1,
        le=3600,
        unit="s",
        log=True,
    )
    """Seconds between two measurements on the held-out pictures."""

    save_every_s: float = setting(
        60.0,
        label="Save every",
        group="machine",
        change="live",
        ge=0,
        le=3600,
        unit="s",
        log=True,
    )
    """Seconds between two checkpoints; what a power cut can cost at most."""

    keep_checkpoints: int = setting(
        5, label="Checkpoints kept", group="machine", change="live", ge=1, le=1000
    )
    """Older ones are removed after a newer one was verified."""

    @property
    def channels(self) -> int:
        """3 for colour; 1 for a method that can learn in grey and is told to."""
        return 1 if getattr(self, "colours", "colour") == "grey" else 3

    @property
    def pictures_per_step(self) -> int:
        """Pictures that a step learns from; more than a batch for some methods."""
        return self.batch_size

    @classmethod
    def checked(cls, values: Mapping[str, Any]) -> "EngineConfig":
        """Make a config from plain values.

        Raises:
            ConfigError: One sentence for every setting that is wrong.
        """
        try:
            return cls.model_validate(dict(values))
        except ValidationError as error:
            raise ConfigError(sentences(cls, error)) from None

    def changed(self, **values: Any) -> "EngineConfig":
        """This config with some values replaced, checked again.

        Raises:
            ConfigError: One sentence for every setting that is wrong.
        """
        return type(self).checked({**self.model_dump(), **values})

    def differences(self) -> dict[str, Any]:
        """The settings that are not at their default, by name."""
        fields = type(self).model_fields
        values = self.model_dump()
        return {k: v for k, v in values.items() if v != fields[k].default}


def usual(name: str, default: Any) -> Any:
    """The field *name* of `EngineConfig` again, with another paper's default."""
    field = copy(EngineConfig.model_fields[name])
    # pydantic merges what was set explicitly; the default would be lost otherwise.
    field._attributes_set = {**field._attributes_set, "default": default}
    field.default = default
    return field


def picture_size(default: int, *sides: int) -> Any:
    """The field `image_size` for an engine that can learn at these *sides*."""
    field = usual("image_size", default)
    extra = {"choices": [[n, f"{n} × {n} pixels"] for n in sides], "basic": True}
    field.json_schema_extra = {**field.json_schema_extra, **extra}
    field.metadata = []  # the choices say what is allowed
    field._attributes_set = {
        **field._attributes_set,
        "json_schema_extra": field.json_schema_extra,
    }
    for bound in ("ge", "le"):
        field._attributes_set.pop(bound, None)
    return field


@dataclass(frozen=True, kw_only=True, slots=True)
class Preset:
    """A named starting point: the settings that differ from the paper's.

    Attributes:
        label: One word.
        words: What to expect, one or two sentences.
        values: Field names and values.
    """

    label: str
    words: str
    values: Mapping[str, Any]
