"""The settings that every engine has, and how a setting is described."""

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from types import MappingProxyType, UnionType
from typing import Any, Literal, get_origin

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from engines.errors import StudioError

Group = Literal["main", "learning", "network", "pictures", "machine"]
Change = Literal["creation", "restart", "live"]
Kind = Literal["int", "float", "bool", "choice"]

GROUP_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "main": "Main",
        "learning": "How it learns",
        "network": "Network",
        "pictures": "Pictures",
        "machine": "This computer",
    }
)


class ConfigError(StudioError):
    """Settings that no run can use, each named with its rule."""


def setting(
    default: Any,
    *,
    label: str,
    group: Group,
    change: Change = "creation",
    ge: float | None = None,
    le: float | None = None,
    unit: str = "",
    log: bool = False,
    choices: Mapping[Any, str] | None = None,
    basic: bool = False,
    explained: bool = False,
) -> Any:
    """Declare a config field; its docstring becomes its help.

    Args:
        default: The paper's value.
        label: What the user reads instead of the field's name, sentence case.
        group: The heading under which the form shows it.
        change: When it may change: "creation" never after the run was made,
            "restart" when the run is resumed, "live" while it trains.
        ge: Smallest allowed value.
        le: Largest allowed value.
        unit: Shown behind the value, for example "px" or "s".
        log: True where a slider should be logarithmic.
        choices: Words for each allowed value, in the order of the form.
        basic: True for the few settings shown before "Advanced" is opened.
        explained: True where its help always stands below its control.
    """
    extra: dict[str, Any] = {
        "label": label,
        "group": group,
        "change": change,
        "unit": unit,
        "log": log,
        "choices": [[value, words] for value, words in (choices or {}).items()],
        "basic": basic,
        "explained": explained,
    }
    return Field(default, ge=ge, le=le, json_schema_extra=extra)


@dataclass(frozen=True, kw_only=True, slots=True)
class Setting:
    """One config field, described for a form or a table.

    Attributes:
        name: The field.
        label: What the user reads instead of the name.
        help: One or two sentences.
        group: Key of `GROUP_LABELS`.
        kind: Which control fits.
        default: The paper's value.
        low: Smallest allowed number, None for no bound or no number.
        high: Largest allowed number.
        choices: (value, words) pairs where kind is "choice".
        change: "creation", "restart" or "live"; see `setting`.
        unit: Shown behind the value.
        log: True where a slider should be logarithmic.
        basic: True for the few settings shown before "Advanced" is opened.
        explained: True where its help always stands below its control.
    """

    name: str
    label: str
    help: str
    group: Group
    kind: Kind
    default: Any
    low: float | None
    high: float | None
    choices: tuple[tuple[Any, str], ...]
    change: Change
    unit: str
    log: bool
    basic: bool
    explained: bool


class EngineConfig(BaseModel):
    """The settings that every engine has. Frozen: a change makes a new object."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        use_attribute_docstrings=True,
        allow_inf_nan=False,
        validate_default=True,
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
    """16 bit is faster on recent graphics cards and hardly changes the result."""

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
            raise ConfigError(_sentences(cls, error)) from None

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


def settings_of(config_type: type[EngineConfig]) -> tuple[Setting, ...]:
    """Describe every field of a config, in the order of its declaration."""
    return tuple(_describe(config_type, name) for name in config_type.model_fields)


def _describe(config_type: type[EngineConfig], name: str) -> Setting:
    field = config_type.model_fields[name]
    extra = field.json_schema_extra
    assert isinstance(extra, dict), f"{name} must be declared with setting()"
    bounds = {type(rule).__name__: rule for rule in field.metadata}
    choices: Any = extra["choices"]
    return Setting(
        name=name,
        label=str(extra["label"]),
        help=" ".join((field.description or "").split()),
        group=extra["group"],  # type: ignore[arg-type]
        kind=_kind(field.annotation),
        default=field.default,
        low=getattr(bounds.get("Ge"), "ge", None),
        high=getattr(bounds.get("Le"), "le", None),
        choices=tuple((value, words) for value, words in choices),
        change=extra["change"],  # type: ignore[arg-type]
        unit=str(extra["unit"]),
        log=bool(extra["log"]),
        basic=bool(extra["basic"]),
        explained=bool(extra["explained"]),
    )


def _kind(annotation: Any) -> Kind:
    if get_origin(annotation) is Literal:
        return "choice"
    assert not isinstance(annotation, UnionType), "a setting has one type"
    kinds: dict[Any, Kind] = {bool: "bool", int: "int", float: "float"}
    return kinds[annotation]


def _sentences(config_type: type[EngineConfig], error: ValidationError) -> str:
    """Say in words what is wrong with which setting."""
    known = {s.name: s for s in settings_of(config_type)}
    return " ".join(_sentence(known, dict(problem)) for problem in error.errors())


def _sentence(known: Mapping[str, Setting], problem: Mapping[str, Any]) -> str:
    if not problem["loc"]:  # a rule between several settings words itself
        return str(problem["ctx"]["error"])
    name = str(problem["loc"][0])
    if name not in known:
        return f"There is no setting '{name}'."
    setting_ = known[name]
    given = problem["input"]
    if setting_.kind == "choice":
        allowed = ", ".join(str(value) for value, _ in setting_.choices)
        return f"{setting_.label} ({name}) must be one of {allowed}; it is {given}."
    if setting_.kind == "bool":
        return f"{setting_.label} ({name}) must be on or off; it is {given}."
    noun = "a whole number" if setting_.kind == "int" else "a number"
    return (
        f"{setting_.label} ({name}) must be {noun} from {setting_.low:g} to "
        f"{setting_.high:g}; it is {given}. Usual: {setting_.default:g}."
    )
