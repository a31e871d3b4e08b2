"""What is wrong with settings, in sentences that name the rule."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from engines.configs.settings import Setting, settings_of
from engines.errors import StudioError


class ConfigError(StudioError):
    """Settings that no run can use, each named with its rule."""


def sentences(config_type: type[BaseModel], error: ValidationError) -> str:
    """Say in words what is wrong with which setting of a *config_type*."""
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
