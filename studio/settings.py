"""What the window remembers between two starts."""

import json
import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from engines.runs.atomic import write_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping

log = logging.getLogger(__name__)

APP = "image-translation-studio"


class Settings(BaseModel):
    """Remembered choices; frozen, a change makes a new object.

    Attributes:
        theme: "system", "light" or "dark".
        text_scale: Multiplies every text size.
        runs_folder: Where new runs go.
        recent_folders: Picture folders opened last, newest first.
        recent_pictures: Files and folders that were translated last, newest first.
        weights_files: Models of other programs that were opened, newest first.
        left_out: Names of pictures that the user left out, by folder.
        window: Geometry and state as Qt writes them, base64.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    theme: str = "system"
    text_scale: float = Field(1.0, ge=0.9, le=1.3)
    runs_folder: Path = Field(
        default_factory=lambda: (
            platformdirs.user_documents_path() / "Image Translation Studio" / "runs"
        )
    )
    recent_folders: tuple[Path, ...] = ()
    recent_pictures: tuple[Path, ...] = ()
    weights_files: tuple[Path, ...] = ()
    left_out: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    window: str = ""


class SettingsFile:
    """The settings on disk; unreadable ones are set aside, never deleted."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or platformdirs.user_config_path(APP)
        self._path = self.folder / "settings.json"
        self.value = self._read()

    @property
    def samples_folder(self) -> Path:
        """Where sample sets are written."""
        return self.folder / "samples"

    @property
    def known_folder(self) -> Path:
        """Where well-known sets are kept once they were fetched."""
        return self.folder / "well-known"

    def change(self, **values: Any) -> None:
        """Replace some settings and keep them."""
        self.value = self.value.model_copy(update=values)
        self.folder.mkdir(parents=True, exist_ok=True)
        write_bytes(self._path, self.value.model_dump_json(indent=2).encode())

    def _read(self) -> Settings:
        if not self._path.exists():
            return Settings()
        try:
            values: Mapping[str, Any] = json.loads(self._path.read_bytes())
            return Settings.model_validate(values)
        except (ValueError, ValidationError, OSError):
            log.warning("settings in %s cannot be read; starting afresh", self._path)
            self._path.rename(self._path.with_suffix(".unreadable.json"))
            return Settings()
