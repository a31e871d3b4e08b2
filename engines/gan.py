"""What DCGAN and WGAN share: a painter of pictures out of chance, and its use.

Shapes: B = batch, C = channels, S = side, L = latent dimensions. Pictures are float32
in [-1, 1].
"""

import torch
from torch import Tensor, nn

from engines.base import Engine, Prior
from engines.configs.gan import GanConfig
from engines.data.batches import PictureBatch
from engines.errors import DataError
from engines.nets.dcgan import Critic, CriticNorm, Generator
from engines.nets.norm import init_normal
from engines.training.device import Compute


class Gan(Engine):
    """A generator and a critic of Radford et al. 2016; a `Decoder`."""

    config: GanConfig
    used = ("generator",)

    def __init__(
        self,
        config: GanConfig,
        compute: Compute,
        *,
        class_count: int,
        critic_norm: CriticNorm,
    ) -> None:
        """Build both networks, initialised on the CPU.

        Raises:
            DataError: Kinds are to be learnt and the pictures have none.
        """
        super().__init__(config, compute, class_count=class_count)
        if config.use_labels and class_count == 0:
            raise DataError(
                "These pictures are not sorted into kinds, so no kinds can be learnt. "
                "Give each kind a folder of its own, or turn off 'Learn the kinds "
                "apart' (use_labels)."
            )
        init_rng = torch.Generator().manual_seed(config.seed)
        self.generator: nn.Module = Generator(
            latent_dim=config.latent_dim,
            classes=self.classes,
            channels=config.channels,
            image_size=config.image_size,
            width=config.generator_width,
        )
        self.critic: nn.Module = Critic(
            classes=self.classes,
            channels=config.channels,
            image_size=config.image_size,
            width=config.critic_width,
            norm=critic_norm,
        )
        init_normal(self.generator, init_rng)
        init_normal(self.critic, init_rng)

    # ------------------------------------------------------------------------
    # Training.

    def turns(self, batch: PictureBatch, count: int) -> list[PictureBatch]:
        """Part *batch* into the pictures of each of the critic's *count* turns."""
        parts = zip(batch.x.chunk(count), batch.labels.chunk(count), strict=True)
        return [PictureBatch(x, labels) for x, labels in parts]

    def paint(self, labels: Tensor) -> Tensor:
        """G(z) for fresh chance, one picture for each of *labels* (B,)."""
        z = self._chance(len(labels), self.rng)
        with self.compute.autocast():
            pictures: Tensor = self.generator(z, labels)  # (B, C, S, S)
        return pictures.float()

    def judge(self, x: Tensor, labels: Tensor) -> Tensor:
        """The critic's scores (B,) of pictures *x*."""
        with self.compute.autocast():
            scores: Tensor = self.critic(x, labels)
        return scores

    def judge_unmoved(self, x: Tensor, labels: Tensor) -> Tensor:
        """The scores for G's update, in which the critic's weights need no gradient."""
        self.critic.requires_grad_(False)
        scores = self.judge(x, labels)
        self.critic.requires_grad_(True)
        return scores

    # ------------------------------------------------------------------------
    # Use.

    @property
    def latent_dim(self) -> int:
        """L."""
        return self.config.latent_dim

    @property
    def prior(self) -> Prior:
        """What chance is drawn from."""
        return self.config.prior

    @property
    def classes(self) -> int:
        """How many kinds can be asked for; 0 where none were learnt."""
        return self.class_count if self.config.use_labels else 0

    def sample_prior(self, count: int, rng: torch.Generator) -> Tensor:
        """Draw (count, L) float32 from a CPU *rng*, on the CPU."""
        return self._chance(count, rng)

    def decode(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """Make pictures (B, C, S, S) of *z* (B, L); see `engines.base.Decoder`.

        Args:
            z: Points of the latent space.
            labels: (B,) int64 in [0, classes); needed where there are classes.
        """
        assert labels is not None or not self.classes, "say which kinds"
        device = self.compute.device
        if labels is None:
            labels = torch.zeros(len(z), dtype=torch.int64)
        generator = self.in_use("generator")
        was_training = generator.training
        generator.eval()
        with torch.set_grad_enabled(z.requires_grad), self.compute.autocast():
            pictures: Tensor = generator(z.to(device), labels.to(device))
        generator.train(was_training)
        return pictures.float()

    def _chance(self, count: int, rng: torch.Generator) -> Tensor:
        """Draw (count, L) from the prior, on the device of *rng*."""
        shape = (count, self.config.latent_dim)
        if self.config.prior == "normal":
            return torch.randn(shape, generator=rng, device=rng.device)
        return torch.rand(shape, generator=rng, device=rng.device) * 2 - 1
