"""The engines by name. The only file that knows them all.

Importing it costs no torch: an engine's networks are loaded when one is built.
"""

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from engines.configs import EngineConfig, Preset
from engines.configs import cyclegan as cyclegan_config
from engines.configs import dcgan as dcgan_config
from engines.configs import gan as gan_config
from engines.configs import pix2pix as pix2pix_config
from engines.configs import vae as vae_config
from engines.configs import wgan as wgan_config
from engines.errors import RunError
from engines.training.reports import Curve

if TYPE_CHECKING:
    from engines.base import Engine

DataKind: TypeAlias = Literal["pairs", "styles", "single"]


@dataclass(frozen=True, kw_only=True, slots=True)
class EngineEntry:
    """What can be known of an engine before it is built.

    Attributes:
        name: The word on the command line and in run.json.
        title: What it is called in the window.
        task: What it does, in a few words ("Outline to picture").
        words: What it learns, one sentence.
        config: Its settings.
        presets: Starting points by name, the recommended one is "normal".
        data: What it learns from: pairs of pictures, pictures in two styles, or
            pictures of one kind.
        curves: The losses of a run with given settings, in the order of the plot.
        measures: What such a run is measured by on held-out pictures.
        engine: Module and name of the class.
    """

    name: str
    title: str
    task: str
    words: str
    config: type[EngineConfig]
    presets: Mapping[str, Preset]
    data: DataKind
    curves: Callable[[Any], tuple[Curve, ...]]
    measures: Callable[[Any], tuple[Curve, ...]]
    engine: tuple[str, str]

    @property
    def translates(self) -> bool:
        """Whether it makes pictures of given ones, rather than inventing them."""
        return self.data != "single"

    def load(self) -> "type[Engine]":
        """Import the engine, and with it torch."""
        module, name = self.engine
        engine: type[Engine] = getattr(importlib.import_module(module), name)
        return engine


ENGINES: Mapping[str, EngineEntry] = MappingProxyType(
    {
        "pix2pix": EngineEntry(
            name="pix2pix",
            title="Pix2Pix",
            task="Outline to picture",
            words="Learns from matching pairs: a drawing and its answer.",
            config=pix2pix_config.Pix2PixConfig,
            presets=pix2pix_config.PRESETS,
            data="pairs",
            curves=pix2pix_config.curves,
            measures=pix2pix_config.measures,
            engine=("engines.pix2pix", "Pix2Pix"),
        ),
        "cyclegan": EngineEntry(
            name="cyclegan",
            title="CycleGAN",
            task="One style into another",
            words="Learns from pictures in two styles that need not match, both ways.",
            config=cyclegan_config.CycleGANConfig,
            presets=cyclegan_config.PRESETS,
            data="styles",
            curves=cyclegan_config.curves,
            measures=cyclegan_config.measures,
            engine=("engines.cyclegan", "CycleGAN"),
        ),
        "dcgan": EngineEntry(
            name="dcgan",
            title="DCGAN",
            task="New pictures",
            words="Learns to make new pictures of the kind it was shown.",
            config=dcgan_config.DCGANConfig,
            presets=dcgan_config.PRESETS,
            data="single",
            curves=dcgan_config.curves,
            measures=gan_config.measures,
            engine=("engines.dcgan", "DCGAN"),
        ),
        "wgan": EngineEntry(
            name="wgan",
            title="WGAN",
            task="New pictures, measured",
            words="Learns to make new pictures and measures how far off they are.",
            config=wgan_config.WGANConfig,
            presets=wgan_config.PRESETS,
            data="single",
            curves=wgan_config.curves,
            measures=gan_config.measures,
            engine=("engines.wgan", "WGAN"),
        ),
        "vae": EngineEntry(
            name="vae",
            title="VAE",
            task="Smooth morph",
            words="Learns to draw pictures, and all that lies between any two of them.",
            config=vae_config.VAEConfig,
            presets=vae_config.PRESETS,
            data="single",
            curves=vae_config.curves,
            measures=vae_config.measures,
            engine=("engines.vae", "VAE"),
        ),
    }
)


def recommended(data: DataKind) -> EngineEntry:
    """The engine to begin with on pictures of that kind."""
    return next(entry for entry in ENGINES.values() if entry.data == data)


def translates(engine: str) -> bool:
    """Whether runs of that engine translate pictures; False for one not known here."""
    return engine in ENGINES and ENGINES[engine].translates


def engine_entry(name: str) -> EngineEntry:
    """Look an engine up.

    Raises:
        RunError: This version does not know the engine.
    """
    if name not in ENGINES:
        known = ", ".join(ENGINES)
        raise RunError(f"There is no engine '{name}' here. This version has: {known}.")
    return ENGINES[name]
