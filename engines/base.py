"""The contract between an engine and everything that uses one.

An engine owns its networks and optimisers and one training step. It knows no
file, no thread and no window. What else it can do it says by the capability
protocols below; a page asks for those, never for the engine's name.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, Literal, Protocol, TypeAlias, runtime_checkable

import torch
from torch import Tensor, nn

from engines.configs import EngineConfig
from engines.errors import CheckpointError
from engines.options import NormUse
from engines.training.device import Compute
from engines.training.ema import Ema
from engines.training.jobs import Direction
from engines.training.master import MasterWeights

Prior: TypeAlias = Literal["uniform", "normal"]
"""What points of a latent space are drawn from, each number by itself: evenly from
-1 to 1, or from N(0, 1)."""


@runtime_checkable
class Translator(Protocol):
    """Turns pictures into pictures."""

    directions: tuple[Direction, ...]
    """The ways it can translate; what "A" is was decided by the data it learnt from."""
    compute: Compute
    """Where it computes, and how precisely."""

    def translate(
        self,
        x: Tensor,
        direction: Direction = "AtoB",
        *,
        noise: torch.Generator | None = None,
        norm: NormUse = "learnt",
    ) -> Tensor:
        """Translate float32 (B, 3, H, W) in [-1, 1]; same shape and range out.

        Without any effect on training; deterministic, but for *noise*.

        Args:
            x: The pictures.
            direction: One of `directions`.
            noise: What dropout draws from, on the device; None leaves dropout out.
            norm: Whose statistics batch norm takes, see `engines.options.Options`;
                "picture" are those of the whole batch.
        """
        ...

    def generator_for(self, direction: Direction) -> nn.Module:
        """The network that results come from, (B, 3, H, W) to the same."""
        ...

    @property
    def multiple(self) -> int:
        """H and W must be multiples of this many pixels."""
        ...


@runtime_checkable
class PatchCritic(Protocol):
    """Can say where a translation looks real."""

    critic: str
    """Which of its networks judges; one that it may have been told to do without."""

    @property
    def patch(self) -> tuple[int, int]:
        """Side of the patches, and how far apart their middles are, in pixels."""
        ...

    def believes(self, x: Tensor, y: Tensor) -> Tensor:
        """How sure the critic is that each patch is real, (B, 1, P, P) in [0, 1].

        Without any effect on training.

        Args:
            x: Inputs (B, 3, H, W) in [-1, 1], for a critic that looks at them.
            y: Translations, or real answers, as *x*.
        """
        ...


@runtime_checkable
class Decoder(Protocol):
    """Makes pictures from points of a latent space."""

    @property
    def prior(self) -> Prior:
        """What points are drawn from."""
        ...

    @property
    def latent_dim(self) -> int:
        """L, the dimensions of the latent space."""
        ...

    @property
    def classes(self) -> int:
        """How many classes can be asked for; 0 where pictures have no class."""
        ...

    def sample_prior(self, count: int, rng: torch.Generator) -> Tensor:
        """Draw (count, L) float32 from a CPU *rng*, on the CPU."""
        ...

    def decode(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """Make pictures (B, C, S, S) in [-1, 1] of *z* (B, L); C = 1 for grey or 3.

        Deterministic, and without any effect on training. Differentiable where *z*
        requires a gradient: ask `torch.autograd.grad` for it, as `backward` would
        give the weights one as well.

        Args:
            z: Points of the latent space.
            labels: (B,) int64 in [0, classes); needed where there are classes.
        """
        ...


@runtime_checkable
class Encoder(Protocol):
    """Finds the point of the latent space that a picture belongs to."""

    def encode(self, x: Tensor) -> Tensor:
        """Map (B, C, S, S) in [-1, 1] to (B, L); of a distribution, its mean."""
        ...


@runtime_checkable
class UncertainEncoder(Encoder, Protocol):
    """Also says how far around that point it could be."""

    def posterior(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """The mean and the standard deviation of q(z|x), (B, L) each, as `encode`."""
        ...


@runtime_checkable
class Evaluator(Protocol):
    """Can say how well it accounts for pictures."""

    def evaluate(self, x: Tensor) -> Mapping[str, Tensor]:
        """Judge pictures (B, C, S, S) in [-1, 1]: (B,) each, by the catalogue's names.

        Repeatable, and without any effect on training.
        """
        ...


class Engine(ABC):
    """Networks with the one step that trains them, and their complete state.

    A subclass calls `add` for each network in its `__init__` and, where it averages,
    `average`; this class saves and restores whatever was added.

    Attributes:
        config: The settings in force; a live change replaces the object.
        compute: Device and precision.
        networks: Everything trained, by name.
        masters: The weights of each network as one row, by the network's name.
        optimizers: What moves each row, by the network's name.
        averages: Running averages of some of the networks, by name.
        used: Names of the networks that use needs (translate, decode, ...).
        rng: The one stream that training draws from, on the device.
        class_count: Classes of the pictures; 0 where they have none.
    """

    used: tuple[str, ...]

    def __init__(
        self, config: EngineConfig, compute: Compute, *, class_count: int = 0
    ) -> None:
        self.config = config
        self.compute = compute
        self.class_count = class_count
        self.networks: dict[str, nn.Module] = {}
        self.masters: dict[str, MasterWeights] = {}
        self.optimizers: dict[str, torch.optim.Optimizer] = {}
        self.averages: dict[str, Ema] = {}
        self.rng = torch.Generator(compute.device).manual_seed(config.seed)

    @abstractmethod
    def train_step(self, batch: Any) -> Mapping[str, Tensor]:
        """Learn from one batch.

        Args:
            batch: A `PairBatch` or a `PictureBatch`, as the catalogue says of the
                engine's data.

        Returns:
            Detached scalar losses still on the device: reading them here would make
            the CPU wait for the GPU on every step.
        """

    def set_progress(self, fraction: float) -> None:
        """Set what follows a schedule, for *fraction* of the run done, in [0, 1).

        Here the learning rate: constant, then a line to zero. A method with more
        schedules, or more settings that change live, adds them.
        """
        start = self.config.decay_from
        left = 1.0 if fraction < start or start == 1 else (1 - fraction) / (1 - start)
        for optimizer in self.optimizers.values():
            for group in optimizer.param_groups:
                group["lr"] = self.config.learning_rate * left

    # ------------------------------------------------------------------------
    # Parts that every method has.

    def add(
        self,
        name: str,
        network: nn.Module,
        optimizer: type[torch.optim.Optimizer],
        **options: Any,
    ) -> None:
        """Put an initialised *network* on the device, with what trains it.

        Args:
            name: In `networks`, `optimizers` and the checkpoint.
            network: Initialised on the CPU, so that every device starts alike.
            optimizer: Its class.
            options: Of the optimiser, beside the learning rate of the settings.
        """
        self.networks[name] = network.to(self.compute.device)
        self.masters[name] = MasterWeights(network, bf16=self.compute.bf16)
        options = {"lr": self.config.learning_rate, **options}
        self.optimizers[name] = optimizer([self.masters[name].row], **options)

    def average(self, *names: str) -> None:
        """Average these networks from now on, where the settings ask for it."""
        if self.config.ema_decay > 0:
            for name in names:
                self.averages[name] = Ema(self.masters[name], self.config.ema_decay)

    def update_averages(self) -> None:
        """Move every average towards its network, after a step."""
        for name, average in self.averages.items():
            average.update(self.masters[name])

    def descend(self, loss: Tensor, *names: str) -> None:
        """One step of the networks of these *names* down the gradient of *loss*."""
        for name in names:
            self.networks[name].zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        for name in names:
            self.masters[name].step(self.optimizers[name])

    def in_use(self, name: str) -> nn.Module:
        """The network that results come from: the average where there is one."""
        return self._weights_in_use(name).network

    def _weights_in_use(self, name: str) -> MasterWeights:
        average = self.averages.get(name)
        return average.weights if average else self.masters[name]

    # ------------------------------------------------------------------------
    # State: flat names to tensors, as the checkpoint's two files hold them.

    def weights(self) -> dict[str, Tensor]:
        """What using the model needs: "generator.encoder.0.0.weight", ..."""
        return {
            f"{name}.{key}": value
            for name in self.used
            for key, value in self._weights_in_use(name).state_dict().items()
        }

    def load_weights(self, weights: Mapping[str, Tensor]) -> None:
        """Put `weights()` back.

        The trained network gets them as well as its average: what the two differ by is
        in `training_state()`, unless averaging begins only now.

        Raises:
            CheckpointError: They are those of another network.
        """
        mine = {name: value.shape for name, value in self.weights().items()}
        if mine != {name: value.shape for name, value in weights.items()}:
            raise CheckpointError(
                "These weights do not fit the network that their settings describe: "
                "another version of this program wrote them. Train again, or use them "
                "with that version."
            )
        for name in self.used:
            self._weights_in_use(name).load_state_dict(_below(weights, name))
            self.masters[name].load_state_dict(_below(weights, name))

    def training_state(self) -> dict[str, Tensor]:
        """What an exact resume needs beside `weights()`."""
        state = {"rng": self.rng.get_state()}
        for name, master in self.masters.items():
            if name in self.used and name not in self.averages:
                continue  # already in weights()
            for key, value in master.state_dict().items():
                state[f"network.{name}.{key}"] = value
        for name, average in self.averages.items():
            state[f"average.{name}.updates"] = torch.tensor(average.updates)
        for name, master in self.masters.items():
            for key, value in master.optimizer_state(self.optimizers[name]).items():
                state[f"optimizer.{name}.{key}"] = value
        return state

    def load_training_state(self, state: Mapping[str, Tensor]) -> None:
        """Put `training_state()` back, after `load_weights`."""
        # Another kind of device draws other numbers: there the stream starts anew.
        if len(state["rng"]) == len(self.rng.get_state()):
            self.rng.set_state(state["rng"].cpu())
        for name, master in self.masters.items():
            values = _below(state, f"network.{name}")
            if values:
                master.load_state_dict(values)
        for name, average in self.averages.items():
            average.updates = int(state.get(f"average.{name}.updates", 0))
        for name, master in self.masters.items():
            values = _below(state, f"optimizer.{name}")
            master.load_optimizer(self.optimizers[name], values)


def _below(values: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    start = f"{prefix}."
    return {k[len(start) :]: v for k, v in values.items() if k.startswith(start)}
