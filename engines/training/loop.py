"""The training loop, as a generator: no method, no file, no thread, no printing.

It runs steps, obeys the controls between two of them, and yields frozen reports.
When something is reported never changes what is learnt.
"""

import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import torch
from torch import Tensor

from engines.base import Engine
from engines.configs import ConfigError
from engines.errors import NonFiniteLossError, RunError
from engines.training.controls import Controls
from engines.training.reports import (
    Changed,
    LoopReport,
    Losses,
    Measures,
    Notice,
    Paused,
    Pictures,
    Preview,
    Saved,
)

REPORT_EVERY_S = 0.1
# Speed and time left are taken over this long, or they would flicker.
PACE_OVER_S = 5.0
# Watching may cost this share of the time; slow previews simply come less often.
WATCHING_SHARE = 0.05


class Batches(Protocol):
    """Where batches come from.

    Attributes:
        pictures_per_step: Pictures in every batch.
    """

    pictures_per_step: int

    def batch(self, step: int) -> Any:
        """The batch of step *step*, counted from 0; a pure function of it."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Hooks:
    """What the loop asks of its surroundings, between two steps.

    Attributes:
        preview: Returns the columns that change, as the engine makes them now.
        measure: Returns the measures on held-out pictures.
        save: Writes a checkpoint of (step, seconds trained) and returns its folder.
        changed: Is told the engine's new config after a live change.
    """

    preview: Callable[[], Mapping[str, Pictures]]
    measure: Callable[[], Mapping[str, float]]
    save: Callable[[int, float], Path]
    changed: Callable[[], None]


def train(
    engine: Engine,
    batches: Batches,
    controls: Controls,
    hooks: Hooks,
    *,
    start: int = 0,
    elapsed_s: float = 0.0,
) -> Iterator[LoopReport]:
    """Train from step *start* to the config's last step, or until asked to stop.

    The first report is a preview. The last are a preview, measures and a checkpoint
    of the step at which it ended.

    Args:
        engine: What learns; its config may be replaced by a live change.
        batches: Where batches come from.
        controls: Polled between two steps.
        hooks: Preview, measure and save.
        start: Steps already done.
        elapsed_s: Seconds already trained.

    Raises:
        NonFiniteLossError: A loss is not finite. No checkpoint was written after
            the step that it names.
        RunError: The last checkpoint could not be written.
    """
    run = _Run(engine, batches, hooks, step=start, elapsed_s=elapsed_s)
    yield run.preview()
    while run.step < engine.config.steps:
        controls.hand_out(run.newest_weights)
        yield from run.apply(controls.take_changes())
        if controls.is_paused():
            yield from run.pause(controls)
        if controls.should_stop():
            break
        run.advance()
        yield from run.watch(controls)
    controls.hand_out(run.newest_weights)
    yield from run.finish()


class _Due:
    """Says when something that happens every so often is due again."""

    def __init__(self, share: float = 1.0) -> None:
        """Take at most *share* of the time, however often it is asked for."""
        self._share = share
        self._last = time.monotonic()
        self._cost_s = 0.0

    def now(self, every_s: float) -> bool:
        wait_s = max(every_s, self._cost_s * (1 / self._share - 1))
        return time.monotonic() - self._last >= wait_s

    def done(self, began: float) -> None:
        """Note that it was done, having begun at *began* (monotonic seconds)."""
        self._last = time.monotonic()
        self._cost_s = self._last - began


class _Run:
    """The state of one pass through the loop."""

    def __init__(
        self,
        engine: Engine,
        batches: Batches,
        hooks: Hooks,
        *,
        step: int,
        elapsed_s: float,
    ) -> None:
        self.engine = engine
        self.batches = batches
        self.hooks = hooks
        self.step = step
        self._began = time.monotonic() - elapsed_s
        self._unread: list[Mapping[str, Tensor]] = []  # losses since the last report
        self._reported_at = time.monotonic()
        self._pace: deque[tuple[float, int]] = deque([(self.elapsed_s, step)])
        self._preview_due = _Due(WATCHING_SHARE)
        self._measure_due = _Due(WATCHING_SHARE)
        self._save_due = _Due()  # what a power cut may cost was asked for
        self._saved_step: int | None = None
        self._saving_failed = False

    @property
    def elapsed_s(self) -> float:
        return time.monotonic() - self._began

    def advance(self) -> None:
        """One step."""
        self.engine.set_progress(self.step / self.engine.config.steps)
        self._unread.append(self.engine.train_step(self.batches.batch(self.step)))
        self.step += 1

    def watch(self, controls: Controls) -> Iterator[LoopReport]:
        """Report what is due after a step."""
        config = self.engine.config
        if time.monotonic() - self._reported_at >= REPORT_EVERY_S:
            yield self.losses()
        # `take_…` first: what was asked for is answered by the next one due as well.
        if controls.take_preview() or self._preview_due.now(self._preview_every_s()):
            yield self.preview()
        if self._measure_due.now(config.measure_every_s):
            yield self.measure()
        asked = controls.take_save()
        if asked or self._save_due.now(config.save_every_s):
            yield from self.save_or_go_on(asked=asked)

    def _preview_every_s(self) -> float:
        """More often in the first seconds, when the pictures change fastest."""
        return min(self.engine.config.preview_every_s, 0.5 + self.elapsed_s / 10)

    def losses(self) -> Losses:
        """Read the losses since the last report off the device, and check them."""
        unread, self._unread = self._unread, []
        names = list(unread[0])
        table = torch.stack([torch.stack([s[n] for n in names]) for s in unread])
        rows = table.double().cpu()  # (steps, losses)
        bad = (~rows.isfinite()).nonzero()
        if len(bad):
            row, column = bad[0].tolist()
            first = self.step - len(unread) + 1
            raise NonFiniteLossError(name=names[column], step=first + row)

        self._reported_at = time.monotonic()
        seconds_a_step = self._seconds_a_step()
        return Losses(
            step=self.step,
            values=dict(zip(names, rows.mean(dim=0).tolist(), strict=True)),
            pictures_per_s=self.batches.pictures_per_step / seconds_a_step,
            elapsed_s=self.elapsed_s,
            remaining_s=(self.engine.config.steps - self.step) * seconds_a_step,
        )

    def _seconds_a_step(self) -> float:
        """The pace over the last few seconds, pauses left out."""
        self._pace.append((self.elapsed_s, self.step))
        while len(self._pace) > 2 and (
            self._pace[-1][0] - self._pace[1][0] >= PACE_OVER_S
        ):
            self._pace.popleft()
        (began, first), (now, last) = self._pace[0], self._pace[-1]
        # A clock may stand still for a step: that of Windows ticks every 16 ms.
        return max(now - began, 1e-6) / (last - first)

    def preview(self) -> Preview:
        began = time.monotonic()
        pictures = self.hooks.preview()
        self._preview_due.done(began)
        return Preview(step=self.step, pictures=pictures)

    def measure(self) -> Measures:
        began = time.monotonic()
        values = self.hooks.measure()
        self._measure_due.done(began)
        return Measures(step=self.step, values=values)

    def save(self) -> Iterator[LoopReport]:
        """Write a checkpoint of this step, unless there is one."""
        if self._saved_step == self.step:
            return
        if self._unread:
            yield self.losses()
        self._check_weights()
        began = time.monotonic()
        folder = self.hooks.save(self.step, self.elapsed_s)
        self._save_due.done(began)
        self._saved_step = self.step
        yield Saved(step=self.step, folder=folder)

    def save_or_go_on(self, *, asked: bool) -> Iterator[LoopReport]:
        """Write a checkpoint; a full disk is told and does not end the run.

        It is told once, and again whenever somebody *asked* for the checkpoint.
        """
        try:
            yield from self.save()
            self._saving_failed = False
        except RunError as error:
            self._save_due.done(time.monotonic())
            if asked or not self._saving_failed:
                words = f"{error} Training goes on, and saving is tried again."
                yield Notice(step=self.step, words=words)
            self._saving_failed = True

    def apply(self, changes: Mapping[str, Any]) -> Iterator[LoopReport]:
        """Put changed live settings in force; what no run can use is told instead."""
        if not changes:
            return
        try:
            self.engine.config = self.engine.config.changed(**changes)
        except ConfigError as error:
            words = f"{error} Training goes on with what it was."
            yield Notice(step=self.step, words=words)
        else:
            self.hooks.changed()
            yield Changed(step=self.step, values=changes)

    def pause(self, controls: Controls) -> Iterator[LoopReport]:
        """Wait until the run may go on; saving and live changes still work."""
        began = time.monotonic()
        yield from self.save_or_go_on(asked=True)
        yield Paused(step=self.step, paused=True)
        while not controls.wait_while_paused(timeout_s=0.05):
            controls.hand_out(self.newest_weights)
            yield from self.apply(controls.take_changes())
            if controls.take_save():
                yield from self.save_or_go_on(asked=True)
            if controls.take_preview():
                yield self.preview()
        paused_s = time.monotonic() - began
        self._began += paused_s
        self._reported_at += paused_s
        if not controls.should_stop():
            yield Paused(step=self.step, paused=False)

    def newest_weights(self) -> tuple[int, dict[str, Tensor]]:
        """A copy of what using the model needs, on the CPU."""
        weights = self.engine.weights()
        return self.step, {
            k: v.detach().to("cpu", copy=True) for k, v in weights.items()
        }

    def finish(self) -> Iterator[LoopReport]:
        """Report and keep the last step."""
        yield from self.save()  # first of all: what follows can be done without
        yield self.preview()
        yield self.measure()

    def _check_weights(self) -> None:
        """Refuse to keep weights that the next step would show to be broken."""
        for name, value in self.engine.weights().items():
            if not value.isfinite().all():
                raise NonFiniteLossError(name=name, step=self.step)
