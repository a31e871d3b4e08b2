"""Pix2Pix: paired image-to-image translation with a conditional GAN.

Isola et al., "Image-to-Image Translation with Conditional Adversarial Networks",
CVPR 2017, https://arxiv.org/abs/1611.07004.

    min_G max_D  E[log D(x, y)] + E[log(1 - D(x, G(x)))] + lambda * |y - G(x)|_1

with G trained to maximise log D(x, G(x)) instead (section 3.3). The paper's
ablations are settings: no critic, an unconditional critic, lambda = 0, and patches
of 1, 16, 70 pixels or the whole image.

Differences from the paper:
- Dropout is off in use unless asked for, so that the same picture gives the same
  result twice; the paper keeps it on and reports that this adds only minor variation
  (section 3.1).
- Normalisation is instance norm. At the paper's batch size of 1 that is what its
  batch norm computes; with larger batches it keeps training and use alike.
- The learning rate falls linearly to zero over the second half, as in the published
  code; the paper keeps it constant for its façades.
- Images other than 256 pixels use as many levels as reach one pixel, at most eight.

Shapes: B = batch, H = W = image size in pixels, P = patch logits a side. Images are
float32 in [-1, 1].
"""

from collections.abc import Mapping

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engines.base import Engine
from engines.configs.pix2pix import Pix2PixConfig
from engines.data.batches import PairBatch
from engines.nets.modes import used
from engines.nets.norm import init_normal
from engines.nets.patchgan import distance, patchgan, receptive_field
from engines.nets.unet import UNet, unet_levels
from engines.objectives import discriminator_loss, generator_loss
from engines.options import NormUse
from engines.training.device import Compute
from engines.training.jobs import Direction


class Pix2Pix(Engine):
    """A U-Net generator and a patch discriminator."""

    config: Pix2PixConfig
    used = ("generator",)

    directions: tuple[Direction, ...] = ("AtoB",)
    critic = "discriminator"

    def __init__(
        self, config: Pix2PixConfig, compute: Compute, *, class_count: int = 0
    ) -> None:
        """Build and initialise both networks on the device."""
        super().__init__(config, compute, class_count=class_count)
        init_rng = torch.Generator().manual_seed(config.seed)
        self.generator: nn.Module = UNet(
            width=config.generator_width,
            levels=unet_levels(config.image_size, config.levels),
            norm=config.norm,
            dropout=config.dropout,
            rng=self.rng,
        )
        self._add("generator", self.generator, init_rng)
        self.average("generator")
        if config.adversary != "none":
            self.discriminator = patchgan(
                channels=6 if config.adversary == "conditional" else 3,
                width=config.critic_width,
                patch=config.patch,
                image_size=config.image_size,
                norm=config.norm,
            )
            self._add("discriminator", self.discriminator, init_rng)

    def _add(self, name: str, network: nn.Module, init_rng: torch.Generator) -> None:
        init_normal(network, init_rng)
        betas = (self.config.beta1, 0.999)
        self.add(name, network, torch.optim.Adam, betas=betas, fused=True)

    # ------------------------------------------------------------------------
    # Training.

    def train_step(self, batch: PairBatch) -> Mapping[str, Tensor]:
        """One D update, then one G update, on one batch."""
        x, y = batch.a, batch.b
        with self.compute.autocast():
            fake_y = self.generator(x)  # (B, 3, H, W)
        losses = {}
        g_l1 = F.l1_loss(fake_y.float(), y)
        g_total = self.config.l1_weight * g_l1

        if self.config.adversary != "none":
            losses["discriminator"] = self._update_discriminator(x, y, fake_y.detach())
            # Score the fake by the D just stepped, whose own weights need no gradient.
            self.discriminator.requires_grad_(False)
            g_gan = generator_loss(self.config.gan_loss, self._judge(x, fake_y))
            self.discriminator.requires_grad_(True)
            losses["generator"] = g_gan.detach()
            g_total = g_total + g_gan

        # Update G: fool D, and stay close to the target.
        losses["l1"] = g_l1.detach()
        self.descend(g_total, "generator")
        self.update_averages()
        return losses

    def _update_discriminator(self, x: Tensor, y: Tensor, fake_y: Tensor) -> Tensor:
        d_loss = discriminator_loss(
            self.config.gan_loss,
            real_logits=self._judge(x, y),
            fake_logits=self._judge(x, fake_y),
        )
        self.descend(d_loss, "discriminator")
        return d_loss.detach()

    def _judge(self, x: Tensor, y: Tensor) -> Tensor:
        """D's logits (B, 1, P, P) for *y*, shown beside *x* where D is conditional."""
        conditional = self.config.adversary == "conditional"
        seen = torch.cat([x, y], dim=1) if conditional else y
        with self.compute.autocast():
            logits: Tensor = self.discriminator(seen)
        return logits

    def set_progress(self, fraction: float) -> None:
        """The learning rate, and a momentum that may have been changed."""
        super().set_progress(fraction)
        for optimizer in self.optimizers.values():
            for group in optimizer.param_groups:
                group["betas"] = (self.config.beta1, 0.999)

    # ------------------------------------------------------------------------
    # Use.

    @property
    def multiple(self) -> int:
        """Sides must be multiples of this, or the skips do not meet."""
        return int(2 ** unet_levels(self.config.image_size, self.config.levels))

    def generator_for(self, direction: Direction) -> nn.Module:
        """The generator, or its average."""
        assert direction in self.directions, "it learnt one way only"
        return self.in_use("generator")

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

    @property
    def patch(self) -> tuple[int, int]:
        """Side of the critic's patches, and from middle to middle, in pixels."""
        return receptive_field(self.discriminator), distance(self.discriminator)

    @torch.no_grad()
    def believes(self, x: Tensor, y: Tensor) -> Tensor:
        """How sure D is that patches are real, (B, 1, P, P) in [0, 1].

        The probability that cross-entropy makes of a logit. With least squares a logit
        is drawn to 1 for real patches and to 0 for others, and stands for itself. As
        always in training, batch norm goes by the pictures at hand.
        """
        x, y = x.to(self.compute.device), y.to(self.compute.device)
        with used(self.discriminator, norm="picture"):
            logits = self._judge(x, y).float()
        cross_entropy = self.config.gan_loss == "cross_entropy"
        return logits.sigmoid() if cross_entropy else logits.clamp(0, 1)
