"""The sample sets by name. Importing this loads neither Pillow nor any drawing code."""

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal


@dataclass(frozen=True, kw_only=True, slots=True)
class SampleSet:
    """What can be known of a sample set before it is drawn.

    Attributes:
        name: The word on the command line.
        title: What it is called in the window, and its folder there.
        kind: What it holds: pairs, pictures in two styles, or pictures of one kind.
        words: What is seen, one sentence.
        engines: The engines it suits, by name.
        count: How many are drawn where nothing else is asked.
        unit: What is counted, in the plural.
        size: Side in pixels where nothing else is asked.
        function: Module and name of what writes it.
    """

    name: str
    title: str
    kind: Literal["pairs", "styles", "single"]
    words: str
    engines: tuple[str, ...]
    count: int
    unit: str
    size: int
    function: tuple[str, str]

    @property
    def write(self) -> Callable[..., Path]:
        """Writes the set: `write(folder, *, count, size, seed, progress, cancelled)`.

        Raises ValueError, DataError and Cancelled as `write_facades` does. The first
        use loads the drawing code.
        """
        module, name = self.function
        function: Any = getattr(importlib.import_module(module), name)
        return function  # type: ignore[no-any-return]


SAMPLES: Mapping[str, SampleSet] = MappingProxyType(
    {
        "facades": SampleSet(
            name="facades",
            title="Façades",
            kind="pairs",
            words="House fronts, and label maps that say where windows and doors are.",
            engines=("pix2pix",),
            count=400,
            unit="pairs",
            size=64,
            function=("engines.samples.facades", "write_facades"),
        ),
        "landscapes": SampleSet(
            name="landscapes",
            title="Day and night",
            kind="styles",
            words="Landscapes by day, and others by night with lit windows and stars.",
            engines=("cyclegan",),
            count=300,
            unit="pictures in each style",
            size=64,
            function=("engines.samples.landscapes", "write_landscapes"),
        ),
        "digits": SampleSet(
            name="digits",
            title="Digits",
            kind="single",
            words="The digits 0 to 9 as if written by many hands, one folder a digit.",
            engines=("vae", "dcgan", "wgan"),
            count=2_000,
            unit="pictures",
            size=28,
            function=("engines.samples.digits", "write_digits"),
        ),
        "leaves": SampleSet(
            name="leaves",
            title="Leaves",
            kind="single",
            words="Leaves of many shapes and colours, one in each picture.",
            engines=("dcgan", "wgan", "vae"),
            count=1_500,
            unit="pictures",
            size=64,
            function=("engines.samples.leaves", "write_leaves"),
        ),
    }
)


def sample_for(engine: str) -> SampleSet:
    """The set to try an engine on: of those that suit it, where it is named first.

    Raises:
        ValueError: None suits it.
    """
    suited = [sample for sample in SAMPLES.values() if engine in sample.engines]
    return min(suited, key=lambda sample: sample.engines.index(engine))
