"""What a run is made of: its pictures, its engine, its settings, its description."""

from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from platform import python_version
from typing import Any

import torch

from engines.base import Engine
from engines.catalogue import engine_entry
from engines.configs import EngineConfig, settings_of
from engines.data.layouts import understand
from engines.data.sets import KIND_WORDS, PictureSet
from engines.errors import DataError, RunError
from engines.runs.folder import DataInfo, RunInfo, Versions
from engines.training.controls import Controls
from engines.training.device import choose
from engines.training.jobs import DataChoice, NewRun
from engines.training.pictures import Loaded


def find_pictures(
    engine: str, data: DataChoice, config: EngineConfig, controls: Controls
) -> PictureSet:
    """Find the pictures again, as what the engine learns from.

    Raises:
        DataError: The folder does not hold that.
    """
    entry = engine_entry(engine)
    pictures = understand(
        data.folder,
        use=data.use or entry.data,
        sides=data.sides,
        held_out=config.held_out,
        seed=config.seed,
        direction=data.direction,
        left_out=data.left_out,
        cancelled=controls.should_stop,
    )
    if pictures.kind != entry.data:
        raise DataError(
            f"{entry.title} learns from {KIND_WORDS[entry.data]}, and "
            f"'{pictures.name}' was opened as {KIND_WORDS[pictures.kind]}. Open it "
            "another way, or choose another engine."
        )
    return pictures


def data_of(info: DataInfo) -> DataChoice:
    """The pictures that a run was made with, to be looked for again."""
    return DataChoice(
        folder=Path(info.folder),
        use=info.use,
        sides=info.sides,
        direction=info.direction,
        left_out=info.left_out,
    )


def build_engine(name: str, config: EngineConfig, class_count: int = 0) -> Engine:
    """Make the engine *name* on the device that its settings ask for.

    Raises:
        DeviceError: The device is not there.
    """
    compute = choose(config.device, config.precision)
    return engine_entry(name).load()(config, compute, class_count=class_count)


def resumed_config(
    engine: str, saved: Mapping[str, Any], changes: Mapping[str, Any]
) -> EngineConfig:
    """The config of the run with what the user changes now.

    Raises:
        ConfigError: A change is out of range.
        RunError: A setting is fixed once the run is made.
    """
    config_type = engine_entry(engine).config
    fixed = {
        s.name: s.label for s in settings_of(config_type) if s.change == "creation"
    }
    wrong = [fixed[name] for name in changes if name in fixed]
    if wrong:
        raise RunError(
            f"{', '.join(wrong)} cannot change after a run was made. Leave it out, or "
            "start a new run."
        )
    return config_type.checked({**saved, **changes})


def describe_run(
    job: NewRun,
    engine: Engine,
    pictures: PictureSet,
    loaded: Loaded,
    threads: int,
) -> RunInfo:
    """What run.json says of a run that begins now."""
    return RunInfo(
        name=job.name,
        engine=job.engine,
        config=job.config.model_dump(),
        data=_data_info(pictures, job.data, loaded),
        versions=_versions(),
        seed=job.config.seed,
        threads=threads,
        device=str(engine.compute),
        created=datetime.now(UTC),
        steps=job.config.steps,
    )


def describe_model(engine: str, config: EngineConfig, step: int) -> dict[str, str]:
    """What a file of weights says of itself."""
    return {"engine": engine, "config": config.model_dump_json(), "step": str(step)}


def _data_info(pictures: PictureSet, data: DataChoice, loaded: Loaded) -> DataInfo:
    return DataInfo(
        folder=str(data.folder.resolve()),
        name=pictures.name,
        kind=pictures.layout,
        use=pictures.use,
        words=pictures.words,
        a_name=pictures.a_name,
        b_name=pictures.b_name,
        classes=pictures.classes,
        left_out=data.left_out,
        sides=data.sides,
        direction=data.direction,
        fingerprint=pictures.fingerprint(),
        training_pictures=len(loaded.training),
        held_out_pictures=len(loaded.held_out),
    )


def _versions() -> Versions:
    try:
        studio = version("image-translation-studio")
    except PackageNotFoundError:  # run from the source tree
        studio = "source"
    return Versions(studio=studio, torch=torch.__version__, python=python_version())
