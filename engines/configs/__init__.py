"""What a run can be told: one frozen pydantic model an engine.

A setting is written down once, here, and used by the form in the window, the
command-line flags, run.json, the weights file and the error sentences. These
modules import no torch, so that forms and `--help` come at once.
"""

from engines.configs.base import EngineConfig, Preset
from engines.configs.errors import ConfigError
from engines.configs.settings import GROUP_LABELS, Change, Setting, settings_of

__all__ = [
    "GROUP_LABELS",
    "Change",
    "ConfigError",
    "EngineConfig",
    "Preset",
    "Setting",
    "settings_of",
]
