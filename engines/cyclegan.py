"""CycleGAN: unpaired translation between two styles of pictures, both ways.

Zhu et al., "Unpaired Image-to-Image Translation using Cycle-Consistent Adversarial
Networks", ICCV 2017, https://arxiv.org/abs/1703.10593.

    min_{G,F} max_{D_A,D_B}  GAN(G, D_B) + GAN(F, D_A)
        + lambda * (|F(G(a)) - a|_1 + |G(F(b)) - b|_1)                  (equations 2, 3)
        + 0.5 lambda * (|G(b) - b|_1 + |F(a) - a|_1)                     (section 5.2)

with G: A -> B, F: B -> A, and least squares in the place of the logarithms (section
4). The paper's ablations are settings: lambda = 0, one round trip instead of both, no
identity term. Paper -> code: G -> generator_ab, F -> generator_ba, D_X ->
discriminator_a, D_Y -> discriminator_b.

Differences from the paper:
- The identity term, which the paper uses for paintings to photos alone, is on at its
  0.5 lambda, as in the published code.
- The length of a run is told in steps. The paper's is 200 epochs, the learning rate
  falling to zero over the second half of them, as here over the second half of a run.
- The number of residual blocks is a setting of its own, 9 unless told otherwise; the
  paper takes 6 for pictures of 128 pixels.
- The U-Net is that of Isola et al. 2017 without dropout; the paper has none.
- The discriminators' norm has a learnt scale and shift.

Shapes: B = batch, H = W = image size in pixels, P = patch logits a side. Images are
float32 in [-1, 1].
"""

from collections.abc import Mapping

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engines.base import Engine
from engines.configs.cyclegan import CycleGANConfig
from engines.data.batches import PairBatch
from engines.nets import resnet
from engines.nets.modes import used
from engines.nets.norm import init_normal
from engines.nets.patchgan import patchgan
from engines.nets.unet import UNet, unet_levels
from engines.objectives import discriminator_loss, generator_loss
from engines.options import NormUse
from engines.pool import ImagePool
from engines.training.device import Compute
from engines.training.jobs import Direction

GENERATORS = ("generator_ab", "generator_ba")
DISCRIMINATORS = ("discriminator_a", "discriminator_b")


class CycleGAN(Engine):
    """A generator for each direction and a patch discriminator for each style."""

    config: CycleGANConfig
    used = GENERATORS

    directions: tuple[Direction, ...] = ("AtoB", "BtoA")

    def __init__(
        self, config: CycleGANConfig, compute: Compute, *, class_count: int = 0
    ) -> None:
        """Build and initialise the four networks on the device."""
        super().__init__(config, compute, class_count=class_count)
        init_rng = torch.Generator().manual_seed(config.seed)
        for name in GENERATORS:
            self._add(name, self._generator(), init_rng)
        for name in DISCRIMINATORS:
            self._add(name, self._discriminator(), init_rng)
        self.average(*GENERATORS)
        self._pool_rng = torch.Generator().manual_seed(config.seed)
        self.pools = {
            name: ImagePool(config.pool_size, self._pool_rng) for name in DISCRIMINATORS
        }

    def _generator(self) -> nn.Module:
        config = self.config
        if config.generator == "resnet":
            return resnet.ResNet(
                width=config.generator_width, residual_blocks=config.residual_blocks
            )
        return UNet(
            width=config.generator_width,
            levels=unet_levels(config.image_size, config.levels),
            dropout=0.0,
            rng=self.rng,
        )

    def _discriminator(self) -> nn.Module:
        return patchgan(
            channels=3,
            width=self.config.critic_width,
            patch=self.config.patch,
            image_size=self.config.image_size,
            norm="instance",
        )

    def _add(self, name: str, network: nn.Module, init_rng: torch.Generator) -> None:
        init_normal(network, init_rng)
        betas = (self.config.beta1, 0.999)
        self.add(name, network, torch.optim.Adam, betas=betas, fused=True)

    # ------------------------------------------------------------------------
    # Training.

    def train_step(self, batch: PairBatch) -> Mapping[str, Tensor]:
        """One update of both generators, then one of each discriminator.

        Args:
            batch: Pictures of style A and, unrelated, of style B.
        """
        fake_a, fake_b, losses = self._update_generators(batch.a, batch.b)
        d_a = self._update_discriminator("discriminator_a", batch.a, fake_a)
        d_b = self._update_discriminator("discriminator_b", batch.b, fake_b)
        losses["discriminator"] = (d_a + d_b) / 2
        self.update_averages()
        return losses

    def _update_generators(
        self, a: Tensor, b: Tensor
    ) -> tuple[Tensor, Tensor, dict[str, Tensor]]:
        """Fool the discriminators, come back, leave alone what is right already.

        Returns:
            Painted pictures of A and of B, and the losses, all detached.
        """
        config = self.config
        self._let_discriminators_learn(False)
        fake_b = self._run("generator_ab", a)
        fake_a = self._run("generator_ba", b)
        g_gan = generator_loss(
            config.gan_loss, self._run("discriminator_b", fake_b)
        ) + generator_loss(config.gan_loss, self._run("discriminator_a", fake_a))
        losses = {"generator": g_gan / 2}
        g_total = g_gan

        if config.round_trips != "b":
            losses["cycle_a"] = F.l1_loss(self._run("generator_ba", fake_b), a)
            g_total = g_total + config.cycle_weight * losses["cycle_a"]
        if config.round_trips != "a":
            losses["cycle_b"] = F.l1_loss(self._run("generator_ab", fake_a), b)
            g_total = g_total + config.cycle_weight * losses["cycle_b"]
        if config.identity_weight > 0:
            same = F.l1_loss(self._run("generator_ab", b), b) + F.l1_loss(
                self._run("generator_ba", a), a
            )
            losses["identity"] = same / 2
            g_total = g_total + config.identity_weight * config.cycle_weight * same

        self.descend(g_total, *GENERATORS)
        self._let_discriminators_learn(True)
        detached = {name: loss.detach() for name, loss in losses.items()}
        return fake_a.detach(), fake_b.detach(), detached

    def _update_discriminator(self, name: str, real: Tensor, fake: Tensor) -> Tensor:
        """Tell real pictures from pictures painted now or some time ago."""
        # Instance norm treats each picture by itself, so that both fit in one batch.
        shown = torch.cat([real, self.pools[name].swap(fake)])
        real_logits, fake_logits = self._run(name, shown).chunk(2)
        d_loss = discriminator_loss(
            self.config.gan_loss, real_logits=real_logits, fake_logits=fake_logits
        )
        self.descend(d_loss, name)
        return d_loss.detach()

    def _let_discriminators_learn(self, learn: bool) -> None:
        """While G and F learn, D's own weights need no gradient."""
        for name in DISCRIMINATORS:
            self.networks[name].requires_grad_(learn)

    def _run(self, name: str, x: Tensor) -> Tensor:
        """Pictures (B, 3, H, W) of a generator, logits (B, 1, P, P) of another."""
        with self.compute.autocast():
            y: Tensor = self.networks[name](x)
        return y.float()

    def set_progress(self, fraction: float) -> None:
        """The learning rate, and a momentum that may have been changed."""
        super().set_progress(fraction)
        for optimizer in self.optimizers.values():
            for group in optimizer.param_groups:
                group["betas"] = (self.config.beta1, 0.999)

    # ------------------------------------------------------------------------
    # State.

    def training_state(self) -> dict[str, Tensor]:
        """What an exact resume needs beside `weights()`: the pools too."""
        pools = {f"pool.{name}": pool.state() for name, pool in self.pools.items()}
        rng = {"pool.rng": self._pool_rng.get_state()}
        return {**super().training_state(), **rng, **pools}

    def load_training_state(self, state: Mapping[str, Tensor]) -> None:
        """Put `training_state()` back, after `load_weights`."""
        super().load_training_state(state)
        self._pool_rng.set_state(state["pool.rng"].cpu())
        for name, pool in self.pools.items():
            pool.load_state(state[f"pool.{name}"], self.compute.device)

    # ------------------------------------------------------------------------
    # Use.

    @property
    def multiple(self) -> int:
        """Sides must be multiples of this, or a picture comes out larger."""
        if self.config.generator == "resnet":
            return resnet.MULTIPLE
        return int(2 ** unet_levels(self.config.image_size, self.config.levels))

    def generator_for(self, direction: Direction) -> nn.Module:
        """G or F, or the average of it."""
        return self.in_use("generator_ab" if direction == "AtoB" else "generator_ba")

    @torch.no_grad()
    def translate(
        self,
        x: Tensor,
        direction: Direction = "AtoB",
        *,
        noise: torch.Generator | None = None,
        norm: NormUse = "learnt",
    ) -> Tensor:
        """Translate (B, 3, H, W) in [-1, 1]; see `Translator.translate`."""
        generator = self.generator_for(direction)
        with used(generator, noise=noise, norm=norm), self.compute.autocast():
            y: Tensor = generator(x.to(self.compute.device))
        return y.float()
