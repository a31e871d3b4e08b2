"""Settings that must stand before anything imports Qt."""

import os

# The tests open no window on the desktop they run on.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
