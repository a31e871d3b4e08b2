"""Settings as command-line flags: made from the config, so each is written down once.

`image_size` becomes `--image-size 64`, `mirror` becomes `--mirror` and `--no-mirror`.
What is wrong with a value is said by the config itself, as in the window.
"""

from collections.abc import Collection, Mapping
from typing import Annotated, Any, TypeAlias, TypedDict

from cyclopts import Group, Parameter

from engines.catalogue import EngineEntry
from engines.configs import (
    GROUP_LABELS,
    Change,
    ConfigError,
    EngineConfig,
    Setting,
    settings_of,
)
from engines.data.sets import Use

UseFlag: TypeAlias = Annotated[Use | None, Parameter(metavar="WORD")]
NamesFlag: TypeAlias = Annotated[list[str] | None, Parameter(negative="")]

ANY_TIME: Collection[Change] = ("creation", "restart", "live")
AFTER_CREATION: Collection[Change] = ("restart", "live")

_GROUPS = {
    key: Group(label, sort_key=place)
    for place, (key, label) in enumerate(GROUP_LABELS.items(), start=1)
}
_METAVARS = {"int": "N", "float": "X", "choice": "WORD", "bool": None}


def flags_of(
    *configs: type[EngineConfig], changes: Collection[Change] = ANY_TIME
) -> Any:
    """Describe some settings to cyclopts as flags of a command.

    Args:
        configs: Where the settings are; one that several have becomes one flag.
        changes: Which settings, by when they may change.

    Returns:
        The annotation of a parameter that gets the given flags, and only those, in a
        dictionary, or None where none was given.
    """
    flags = {
        setting.name: _flag(setting)
        for config in configs
        for setting in settings_of(config)
        if setting.change in changes
    }
    flags_type = TypedDict("Flags", flags, total=False)  # type: ignore[misc]
    return Annotated[flags_type, Parameter(name="*")]


def values_of(
    config: type[EngineConfig], given: Mapping[str, Any] | None
) -> dict[str, Any]:
    """Turn given flags into values that *config* can check, numbers still as typed."""
    choices = {s.name: {str(v): v for v, _ in s.choices} for s in settings_of(config)}
    return {
        name: choices.get(name, {}).get(typed, typed)
        for name, typed in (given or {}).items()
    }


def config_of(
    entry: EngineEntry, preset: str | None, given: Mapping[str, Any] | None
) -> EngineConfig:
    """The settings that a preset and the given flags come to.

    Raises:
        ConfigError: There is no such preset, or a setting is wrong.
    """
    if preset is not None and preset not in entry.presets:
        known = ", ".join(entry.presets)
        raise ConfigError(
            f"There is no preset '{preset}'. {entry.title} has: {known}. "
            "Leave --preset out for the paper's settings."
        )
    start = entry.presets[preset].values if preset else {}
    return entry.config.checked({**start, **values_of(entry.config, given)})


def two_sides(sides: str | None) -> tuple[str, str] | None:
    """Read `--sides A,B`.

    Raises:
        ConfigError: It is not two names.
    """
    if sides is None:
        return None
    names = sides.split(",")
    if len(names) != 2 or not all(names):
        raise ConfigError(
            f"--sides must name two subfolders, for example A,B; it is {sides}."
        )
    return names[0], names[1]


def _flag(setting: Setting) -> Any:
    parameter = Parameter(
        help=f"{setting.help} [{_allowed(setting)}]",
        group=_GROUPS[setting.group],
        metavar=_METAVARS[setting.kind],
    )
    # Text, also for numbers: the config's own sentence says what is wrong with it.
    return Annotated[bool if setting.kind == "bool" else str, parameter]


def _allowed(setting: Setting) -> str:
    """The values it may have and its default: "1 to 256, default 1"."""
    match setting.kind:
        case "bool":
            return f"default {'on' if setting.default else 'off'}"
        case "choice":
            values = ", ".join(str(value) for value, _ in setting.choices)
        case _:
            unit = f" {setting.unit}" if setting.unit else ""
            values = f"{setting.low} to {setting.high}{unit}"
    return f"{values}; default {setting.default}"
