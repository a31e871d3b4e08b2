"""Where icons, fonts, pictures and the style sheet are."""

from pathlib import Path

# By path: `importlib.resources` cannot walk a folder without code in an editable
# installation, which puts a second place of another kind beside it.
RESOURCES = Path(__file__).resolve().parent.parent / "resources"
