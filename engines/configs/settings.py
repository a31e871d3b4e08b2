"""How one setting is declared in a config, and described for whoever shows it."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType, UnionType
from typing import Any, Literal, get_origin

from pydantic import BaseModel, Field

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


def settings_of(config_type: type[BaseModel]) -> tuple[Setting, ...]:
    """Describe every field of a config, in the order of its declaration."""
    return tuple(_describe(config_type, name) for name in config_type.model_fields)


def _describe(config_type: type[BaseModel], name: str) -> Setting:
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
