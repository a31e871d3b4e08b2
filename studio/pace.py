"""How long a step takes here: tried once for settings, or seen in a run."""

from collections.abc import Callable

from engines.catalogue import EngineEntry
from engines.configs import EngineConfig, settings_of

# The keys of estimates on the inference thread: pictures and runs do not wait for them.
ESTIMATE, TRIALS = "estimate", "estimate trials"


class Pace:
    """Seconds a step, by settings. Safe from any thread.

    Single items are set and read, nothing is ever removed.
    """

    def __init__(self) -> None:
        self._seconds: dict[str, float] = {}

    def seconds_per_step(
        self, entry: EngineEntry, config: EngineConfig, cancelled: Callable[[], bool]
    ) -> float:
        """What is known of such settings, else what a few steps now take.

        Raises:
            Cancelled: *cancelled* said so while they were tried.
        """
        # Here, as it loads torch: only ever on the inference thread.
        from engines.training.speed import seconds_per_step

        key = _key(entry, config)
        if key not in self._seconds:
            self._seconds[key] = seconds_per_step(entry, config, cancelled=cancelled)
        return self._seconds[key]

    def keep(self, entry: EngineEntry, config: EngineConfig, seconds: float) -> None:
        """Let *seconds* a step, as a run took, answer for settings like its own."""
        self._seconds[_key(entry, config)] = seconds


def _key(entry: EngineEntry, config: EngineConfig) -> str:
    """The same for settings that take the same time a step."""
    live = {s.name for s in settings_of(type(config)) if s.change == "live"}
    return entry.name + config.model_dump_json(exclude={"steps", *live})
