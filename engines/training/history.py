"""What a run went through before it was resumed, read back from its folder.

Thinned to what a window can show, so that a run of many days is as quick to paint as
a run of one minute.
"""

import logging
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from engines.catalogue import engine_entry
from engines.errors import RunError
from engines.runs.events import LOSSES, MEASURES, Event, numbers
from engines.runs.folder import RunFolder
from engines.runs.previews import Previews
from engines.training.reports import History, Points, Preview

log = logging.getLogger(__name__)

MOST_POINTS = 2_000  # of a curve; about what a wide screen has pixels across
MOST_PREVIEWS = 16


def read_history(folder: RunFolder) -> History:
    """Read what led to the present state of *folder*; see `EventLog.history`."""
    events = folder.events.history([LOSSES, MEASURES])
    entry = engine_entry(folder.info.engine)
    config = entry.config.checked(folder.info.config)
    names = [curve.name for curve in entry.curves(config)]
    losses = _curves(e for e in events if e["kind"] == LOSSES)
    return History(
        # Beside its losses, a losses event holds the pace.
        losses={name: losses[name] for name in names if name in losses},
        measures=_curves(e for e in events if e["kind"] == MEASURES),
        previews=tuple(_previews(folder.previews)),
        saved=folder.checkpoints.steps(),
    )


def _curves(events: Iterable[Event]) -> dict[str, Points]:
    curves: dict[str, dict[int, float]] = {}
    for event in events:
        for name, value in numbers(event).items():
            curves.setdefault(name, {})[event["step"]] = value
    return {name: _thinned(points) for name, points in curves.items()}


def _thinned(points: dict[int, float]) -> Points:
    """At most `MOST_POINTS` of the values by step, the first and the last included."""
    steps = np.array(sorted(points), dtype=np.int64)
    if len(steps) > MOST_POINTS:
        places = np.linspace(0, len(steps) - 1, MOST_POINTS).round().astype(np.int64)
        steps = steps[places]
    values = np.array([points[step] for step in steps.tolist()], dtype=np.float64)
    return Points(steps=steps, values=values)


def _previews(previews: Previews) -> Iterator[Preview]:
    for step in _spread(previews.steps()):
        try:
            yield Preview(step=step, pictures=previews.load(step))
        except RunError as error:
            log.warning("passed over: %s", error)


def _spread(steps: Sequence[int]) -> list[int]:
    """At most `MOST_PREVIEWS` of the ascending *steps*, evenly over the run."""
    if len(steps) <= MOST_PREVIEWS:
        return list(steps)
    wanted = np.linspace(steps[0], steps[-1], MOST_PREVIEWS)
    return sorted({min(steps, key=lambda s: abs(s - w)) for w in wanted.tolist()})
