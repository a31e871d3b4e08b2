"""WGAN: a GAN whose critic measures the distance between real and painted pictures.

Arjovsky et al., "Wasserstein Generative Adversarial Networks", ICML 2017,
https://arxiv.org/abs/1701.07875: the critic's weights are clipped to a small box;
RMSprop. Gulrajani et al., "Improved Training of Wasserstein GANs", NeurIPS 2017,
https://arxiv.org/abs/1704.00028: the critic's slope is pulled towards 1 instead; Adam
with β (0, 0.9).

    min_G max_D  E[D(x)] - E[D(G(z))]    over critics D of slope 1 at most

Classes may be a condition.

Differences from the papers:
- Results come from averaged weights (Karras et al. 2018); a decay of 0 turns it off.
- The networks are DCGAN's (Radford et al. 2016) in both; Gulrajani et al. use them in
  their section 5.1, beside ResNets.
- z is uniform in [-1, 1] unless set otherwise; Gulrajani et al. draw it from N(0, 1).
- G learns from the pictures that the critic was last shown, scored anew; the
  algorithms draw fresh ones.
- The learning rate is constant unless set otherwise, as in the algorithms; the
  published code of Gulrajani et al. lowers it to zero for its ResNets.

Shapes: B = batch, C = channels, S = side. Pictures are float32 in [-1, 1].
"""

from collections.abc import Mapping

import torch
from torch import Tensor

from engines.configs.wgan import WGANConfig
from engines.data.batches import PictureBatch
from engines.gan import Gan
from engines.nets.norm import init_he
from engines.objectives import (
    clip_weights,
    gradient_penalty,
    wasserstein_estimate,
    wasserstein_generator_loss,
)
from engines.training.device import Compute


class WGAN(Gan):
    """A convolutional generator, and a critic held by a penalty or by clipping."""

    config: WGANConfig

    def __init__(
        self, config: WGANConfig, compute: Compute, *, class_count: int = 0
    ) -> None:
        """Build and initialise both networks on the device.

        Raises:
            DataError: Kinds are to be learnt and the pictures have none.
        """
        super().__init__(
            config, compute, class_count=class_count, critic_norm=config.critic_norm
        )
        if config.constraint == "gradient_penalty":
            # As in its published code; a critic that begins flat takes long to rise.
            init_he(self.critic, torch.Generator().manual_seed(config.seed))
        self._add("generator", self.generator)
        self._add("critic", self.critic)
        self.average("generator")

    def _add(self, name: str, network: torch.nn.Module) -> None:
        if self.config.constraint == "clipping":
            self.add(name, network, torch.optim.RMSprop)
        else:
            self.add(name, network, torch.optim.Adam, betas=(0.0, 0.9), fused=True)

    def train_step(self, batch: PictureBatch) -> Mapping[str, Tensor]:
        """Update the critic n times, each time on pictures of its own, then G once."""
        turns = self.turns(batch, self.config.critic_steps)
        for turn in turns:
            with torch.set_grad_enabled(turn is turns[-1]):  # what G will learn from
                fake = self.paint(turn.labels)
            losses = self._update_critic(turn, fake.detach())

        fake_scores = self.judge_unmoved(fake, turn.labels)
        self.descend(wasserstein_generator_loss(fake_scores), "generator")
        self.update_averages()
        return losses

    def _update_critic(self, real: PictureBatch, fake: Tensor) -> dict[str, Tensor]:
        distance = wasserstein_estimate(
            real_scores=self.judge(real.x, real.labels),
            fake_scores=self.judge(fake, real.labels),
        )
        if self.config.constraint == "clipping":
            self.descend(-distance, "critic")
            clip_weights([self.masters["critic"].row], self.config.clip)
            self.masters["critic"].publish()
            return {"wasserstein": distance.detach()}
        penalty = gradient_penalty(
            lambda x: self.judge(x, real.labels),
            real=real.x,
            fake=fake,
            weight=self.config.penalty_weight,
            rng=self.rng,
        )
        self.descend(penalty - distance, "critic")
        return {"wasserstein": distance.detach(), "penalty": penalty.detach()}
