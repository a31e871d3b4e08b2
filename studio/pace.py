"""What training takes here: tried once for settings, or seen in a run."""

from collections.abc import Callable
from dataclasses import replace

from engines.catalogue import EngineEntry
from engines.configs import EngineConfig, settings_of
from engines.training.reports import DryRun

# The keys of estimates on the inference thread: pictures and runs do not wait for them.
ESTIMATE, TRIALS = "estimate", "estimate trials"


class Pace:
    """Dry runs and seconds a step, by settings. Safe from any thread.

    Single items are set and read, nothing is ever removed.
    """

    def __init__(self) -> None:
        self._seconds: dict[str, float] = {}
        self._dry_runs: dict[str, DryRun] = {}

    def dry_run(
        self, entry: EngineEntry, config: EngineConfig, cancelled: Callable[[], bool]
    ) -> DryRun:
        """What is known of such settings, else what a few steps now tell.

        What did not fit into memory is tried again: it may be free by now.

        Raises:
            Cancelled: *cancelled* said so while they were tried.
        """
        # Here, as it loads torch: only ever on the inference thread.
        from engines.training.dry_run import dry_run

        key = _key(entry, config)
        if key not in self._dry_runs or not self._dry_runs[key].fits:
            self._dry_runs[key] = dry_run(
                entry, config, seconds=self._seconds.get(key), cancelled=cancelled
            )
        return self._dry_runs[key]

    def keep(self, entry: EngineEntry, config: EngineConfig, seconds: float) -> None:
        """Let *seconds* a step, as a run took, answer for settings like its own."""
        key = _key(entry, config)
        self._seconds[key] = seconds
        if key in self._dry_runs:
            known = self._dry_runs[key]
            self._dry_runs[key] = replace(known, seconds_per_step=seconds)


def _key(entry: EngineEntry, config: EngineConfig) -> str:
    """The same for settings that take the same time a step."""
    live = {s.name for s in settings_of(type(config)) if s.change == "live"}
    return entry.name + config.model_dump_json(exclude={"steps", *live})
