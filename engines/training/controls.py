"""What a watcher may ask of a running loop. Safe from any thread."""

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:  # The window has controls before it has torch.
    from torch import Tensor

# What `Engine.weights` gives, copied to the CPU, and the steps they have learnt.
Newest: TypeAlias = "tuple[int, dict[str, Tensor]]"


class Controls:
    """Flags that the loop polls between two steps.

    Set them by a direct call, never through a queued signal: the loop occupies its
    thread, so a queued call would only arrive after the run.
    """

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._go = threading.Event()
        self._go.set()
        self._save = threading.Event()
        self._preview = threading.Event()
        self._lock = threading.Lock()
        self._changes: dict[str, Any] = {}
        self._asking: list[Future[Newest | None]] = []
        self._ended = False

    def stop(self) -> None:
        """Ask the run to end after the current step, paused or not. Final."""
        self._stop.set()
        self._go.set()

    def pause(self) -> None:
        """Ask the run to wait after the current step."""
        self._go.clear()

    def resume(self) -> None:
        """Let a paused run go on."""
        self._go.set()

    def save_now(self) -> None:
        """Ask for a checkpoint after the current step."""
        self._save.set()

    def preview_now(self) -> None:
        """Ask for a preview after the current step."""
        self._preview.set()

    def change(self, **values: Any) -> None:
        """Ask for other values of settings that may change while training."""
        with self._lock:
            self._changes.update(values)

    def newest_weights(self, timeout_s: float) -> "Newest | None":
        """The weights as they are after the present step; the loop never waits.

        To be called on another thread than the loop's. Who asks at the same time gets
        the same tensors: read them only.

        Returns:
            The step and its weights on the CPU; None after *timeout_s* seconds, or
            once the run has ended.
        """
        answer: Future[Newest | None] = Future()
        with self._lock:
            if self._ended:
                return None
            self._asking.append(answer)
        try:
            return answer.result(timeout_s)
        except TimeoutError:
            return None
        finally:
            with self._lock:  # nobody waits for it any more: let none be copied
                if answer in self._asking:
                    self._asking.remove(answer)

    # What the loop asks.

    def should_stop(self) -> bool:
        """True once `stop` was called."""
        return self._stop.is_set()

    def is_paused(self) -> bool:
        """True while the loop should wait."""
        return not (self._go.is_set() or self._stop.is_set())

    def wait_while_paused(self, timeout_s: float) -> bool:
        """Wait up to *timeout_s* seconds; True when the run may go on."""
        return self._go.wait(timeout_s) or self._stop.is_set()

    def take_save(self) -> bool:
        """True once for each time a checkpoint was asked for."""
        return _take(self._save)

    def take_preview(self) -> bool:
        """True once for each time a preview was asked for."""
        return _take(self._preview)

    def take_changes(self) -> Mapping[str, Any]:
        """The settings to change since the last call; empty for none."""
        with self._lock:
            changes, self._changes = self._changes, {}
        return changes

    def hand_out(self, newest: "Callable[[], Newest]") -> None:
        """Give who waits for them the *newest* weights; asked for only if one does."""
        if self._asking:
            self._answer(newest())

    def end(self) -> None:
        """Note that the run has ended: nobody waits for its weights any more."""
        with self._lock:
            self._ended = True
        self._answer(None)

    def _answer(self, newest: "Newest | None") -> None:
        with self._lock:
            asking, self._asking = self._asking, []
        for answer in asking:
            answer.set_result(newest)


def _take(flag: threading.Event) -> bool:
    was_set = flag.is_set()
    flag.clear()
    return was_set
