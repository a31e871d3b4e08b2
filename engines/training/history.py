"""What a run went through before it was resumed, read back from its folder.

Every point of its curves, as a plot thins them best itself, and some of its previews.
"""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from engines.catalogue import engine_entry
from engines.errors import RunError
from engines.runs.events import LOSSES, MEASURES, Event, numbers
from engines.runs.folder import RunFolder
from engines.runs.previews import Previews
from engines.training.reports import History, Points, Preview

log = logging.getLogger(__name__)

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
    return {name: _points(values) for name, values in curves.items()}


def _points(values: Mapping[int, float]) -> Points:
    """The values by step, in order."""
    steps = sorted(values)
    return Points(
        steps=np.array(steps, dtype=np.int64),
        values=np.array([values[step] for step in steps], dtype=np.float64),
    )


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
