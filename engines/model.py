"""A trained model, found on disk and made ready for use."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from torch import Tensor

from engines.base import Engine, PatchCritic, Translator
from engines.catalogue import engine_entry
from engines.data.images import Shape
from engines.errors import RunError
from engines.nets.modes import has_batch_norm, has_dropout
from engines.runs.folder import RunFolder
from engines.training.device import DeviceChoice, choose
from engines.training.jobs import Direction


@dataclass(kw_only=True, slots=True)
class Model:
    """A trained translator, ready for use. For one thread at a time.

    Attributes:
        path: The run folder that it comes from, or the weights file.
        name: What the user calls the run.
        step: The training step of its weights; None for weights of others.
        translator: Its networks, loaded.
        image_size: Side of its training pictures, in pixels.
        shape: How they were made square.
        words: What was found in the weights of others, a sentence.
        critic: What judged the pictures while it learnt, where that was asked for and
            was kept at this step.
    """

    path: Path
    name: str
    step: int | None
    translator: Translator
    image_size: int
    shape: Shape = "cut"
    words: str = ""
    critic: PatchCritic | None = None

    @property
    def directions(self) -> tuple[Direction, ...]:
        """The ways it can translate."""
        return self.translator.directions

    @property
    def can_be_noisy(self) -> bool:
        """Whether `Options.noise_seed` makes a difference."""
        made_by = map(self.translator.generator_for, self.directions)
        return any(map(has_dropout, made_by))

    @property
    def has_batch_norm(self) -> bool:
        """Whether `Options.norm` makes a difference."""
        made_by = map(self.translator.generator_for, self.directions)
        return any(map(has_batch_norm, made_by))

    def refresh(self, weights: Mapping[str, Tensor], step: int) -> None:
        """Go on with other weights of the same run: `Engine.weights()` at *step*.

        The critic of those is not among them.
        """
        assert isinstance(self.translator, Engine), "weights of others do not change"
        self.translator.load_weights(weights)
        self.step, self.critic = step, None


def load_model(
    path: Path,
    *,
    step: int | None = None,
    device: DeviceChoice = "auto",
    with_critic: bool = False,
) -> Model:
    """Load a model.

    Args:
        path: A run folder, or a file of weights that the published code wrote.
        step: Of a run, the step to take the weights of; None for the newest whole.
        device: Where to compute.
        with_critic: Whether to load what judged the pictures as well; checkpoints
            have it, the milestones of a run do not.

    Raises:
        RunError: It is not a run, its engine does not translate, or the weights are
            not there or damaged.
        DeviceError: The device is not there.
    """
    if path.is_file():
        return _load_published(path, device)
    if not path.exists():
        raise RunError(f"'{path.name}' is not there any more. Choose another model.")
    run = RunFolder.open(path)
    entry = engine_entry(run.info.engine)
    if not entry.translates:
        raise RunError(f"{entry.title} makes new pictures; it does not translate.")
    engine, at = load_engine(run, step=step, device=device)
    assert isinstance(engine, Translator)
    return Model(
        path=path,
        name=run.info.name,
        step=at,
        translator=engine,
        image_size=engine.config.image_size,
        shape=engine.config.shape,
        critic=_load_critic(engine, run, at) if with_critic else None,
    )


def load_engine(
    run: RunFolder, *, step: int | None, device: DeviceChoice
) -> tuple[Engine, int]:
    """Build the engine of a run, with its weights and nothing that training needs.

    Args:
        run: What it was trained by.
        step: The step to take the weights of; None for the newest whole.
        device: Where to compute.

    Returns:
        The engine, and the step of its weights.

    Raises:
        RunError: The weights are not there or damaged, or its engine is not known.
        DeviceError: The device is not there.
    """
    entry = engine_entry(run.info.engine)
    found = run.load_weights(step)
    config = entry.config.checked(run.info.config)
    compute = choose(device, config.precision)
    engine = entry.load()(config, compute, class_count=len(run.info.data.classes))
    engine.load_weights(found.weights)
    return engine, found.step


def _load_critic(engine: Engine, run: RunFolder, step: int) -> PatchCritic | None:
    if not isinstance(engine, PatchCritic) or engine.critic not in engine.networks:
        return None
    if step not in run.checkpoints.steps():
        return None
    prefix = f"network.{engine.critic}."
    tensors = run.checkpoints.load_part(step, prefix)
    state = {name.removeprefix(prefix): value for name, value in tensors.items()}
    engine.masters[engine.critic].load_state_dict(state)
    return engine


def _load_published(path: Path, device: DeviceChoice) -> Model:
    from engines.interop.published import open_published

    found = open_published(path, device=device)
    return Model(
        path=path,
        name=path.name,
        step=None,
        translator=found,
        image_size=found.image_size,
        shape="stretch",  # as the published scripts load pictures
        words=found.words,
    )
