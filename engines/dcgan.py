"""DCGAN: pictures out of chance, by a convolutional GAN that trains.

Radford et al., "Unsupervised Representation Learning with Deep Convolutional
Generative Adversarial Networks", ICLR 2016, https://arxiv.org/abs/1511.06434, on the
method of Goodfellow et al., "Generative Adversarial Nets", NeurIPS 2014,
https://arxiv.org/abs/1406.2661.

    min_G max_D  E[log D(x)] + E[log(1 - D(G(z)))]

with G trained to maximise log D(G(z)) instead, unless "minimax" is chosen. Further
settings: least squares (Mao et al. 2017), one-sided label smoothing (Salimans et al.
2016), k updates of D for each of G (Goodfellow et al., algorithm 1), the R1 penalty
(Mescheder et al. 2018) and classes as a condition.

Differences from the paper:
- Results come from averaged weights (Karras et al. 2018); a decay of 0 turns it off.
- Kernels are 4 pixels wide and G's last inner layer has 64 channels, as in the
  published Torch code; figure 1 has 5 pixels and 128 channels.
- Pictures of 28, 32 and 128 pixels have as many levels as reach 7 or 4 pixels.
- G learns from the pictures that D was last shown, scored anew; the algorithm draws
  fresh ones.
- With R1, D has no batch norm: it makes scores depend on the rest of the batch, whose
  sum then hardly changes with any one picture. Mescheder et al. have none either.

Shapes: B = batch, C = channels, S = side. Pictures are float32 in [-1, 1].
"""

from collections.abc import Mapping

import torch
from torch import Tensor

from engines.configs.dcgan import DCGANConfig
from engines.data.batches import PictureBatch
from engines.gan import Gan
from engines.objectives import discriminator_loss, generator_loss, r1_penalty
from engines.training.device import Compute


class DCGAN(Gan):
    """A convolutional generator and discriminator with batch norm."""

    config: DCGANConfig

    def __init__(
        self, config: DCGANConfig, compute: Compute, *, class_count: int = 0
    ) -> None:
        """Build and initialise both networks on the device.

        Raises:
            DataError: Kinds are to be learnt and the pictures have none.
        """
        super().__init__(
            config,
            compute,
            class_count=class_count,
            critic_norm="none" if config.r1_weight > 0 else "batch",
        )
        adam = {"betas": (config.beta1, 0.999), "fused": True}
        self.add("generator", self.generator, torch.optim.Adam, **adam)
        self.add("critic", self.critic, torch.optim.Adam, **adam)
        self.average("generator")

    def train_step(self, batch: PictureBatch) -> Mapping[str, Tensor]:
        """Update D k times, each time on pictures of its own, then G once."""
        turns = self.turns(batch, self.config.critic_steps)
        for turn in turns:
            with torch.set_grad_enabled(turn is turns[-1]):  # what G will learn from
                fake = self.paint(turn.labels)
            d_loss = self._update_discriminator(turn, fake.detach())

        # Update G: fool the D just stepped.
        fake_logits = self.judge_unmoved(fake, turn.labels)
        g_loss = generator_loss(self.config.gan_loss, fake_logits)
        self.descend(g_loss, "generator")
        self.update_averages()
        return {"generator": g_loss.detach(), "discriminator": d_loss}

    def _update_discriminator(self, real: PictureBatch, fake: Tensor) -> Tensor:
        # Real and fake apart, each a batch of its own to batch norm (section 3).
        d_loss = discriminator_loss(
            self.config.gan_loss,
            real_logits=self.judge(real.x, real.labels),
            fake_logits=self.judge(fake, real.labels),
            real_target=self.config.real_target,
        )
        total = 2 * d_loss  # the sum of both parts, as in the objective above
        if self.config.r1_weight > 0:
            total = total + r1_penalty(
                lambda x: self.judge(x, real.labels),
                real=real.x,
                weight=self.config.r1_weight,
            )
        self.descend(total, "critic")
        return d_loss.detach()

    def set_progress(self, fraction: float) -> None:
        """Constant learning rate, then a line to zero."""
        super().set_progress(fraction)
        for optimizer in self.optimizers.values():
            for group in optimizer.param_groups:
                group["betas"] = (self.config.beta1, 0.999)
