"""One training step of each method, as its published script writes it.

Each is made from an engine of ours, whose weights it copies, and has `train_step(...)`
with the losses by the names that ours reports.
"""

import itertools

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from benchmarks.plain import nets
from engines.cyclegan import CycleGAN
from engines.dcgan import DCGAN
from engines.pix2pix import Pix2Pix
from engines.pool import ImagePool
from engines.vae import VAE
from engines.wgan import WGAN


def copy_weights(plain: nn.Module, ours: nn.Module) -> None:
    """Give *plain* the values of *ours*, whose parameters come in the same order."""
    values = [p.detach().float().contiguous() for p in ours.parameters()]
    with torch.no_grad():
        for parameter, value in zip(plain.parameters(), values, strict=True):
            parameter.copy_(value)


def set_requires_grad(networks: list[nn.Module], wanted: bool) -> None:
    for network in networks:
        for parameter in network.parameters():
            parameter.requires_grad = wanted


class PlainPix2Pix:
    """Isola et al. 2017: D on real and fake pairs, then G."""

    def __init__(self, engine: Pix2Pix) -> None:
        config = engine.config
        self.g = nets.UNet(config.generator_width, config.levels, config.dropout)
        self.d = nets.patchgan(6, config.critic_width, affine=True)
        copy_weights(self.g, engine.generator)
        copy_weights(self.d, engine.discriminator)
        adam = {"lr": config.learning_rate, "betas": (config.beta1, 0.999)}
        self.opt_g = torch.optim.Adam(self.g.parameters(), **adam)
        self.opt_d = torch.optim.Adam(self.d.parameters(), **adam)

    def train_step(self, x: Tensor, y: Tensor) -> dict[str, float]:
        fake = self.g(x)
        set_requires_grad([self.d], True)
        self.opt_d.zero_grad()
        on_fake = self.d(torch.cat([x, fake.detach()], 1))
        on_real = self.d(torch.cat([x, y], 1))
        loss_d = 0.5 * (_cross_entropy(on_fake, 0.0) + _cross_entropy(on_real, 1.0))
        loss_d.backward()
        self.opt_d.step()

        set_requires_grad([self.d], False)
        self.opt_g.zero_grad()
        gan = _cross_entropy(self.d(torch.cat([x, fake], 1)), 1.0)
        l1 = F.l1_loss(fake, y)
        (gan + 100 * l1).backward()
        self.opt_g.step()
        return {
            "discriminator": loss_d.item(),
            "generator": gan.item(),
            "l1": l1.item(),
        }


class PlainCycleGAN:
    """Zhu et al. 2017: both generators, then both discriminators."""

    def __init__(self, engine: CycleGAN) -> None:
        config = engine.config
        size = (config.generator_width, config.residual_blocks)
        self.g_ab, self.g_ba = nets.resnet(*size), nets.resnet(*size)
        self.d_a, self.d_b = (
            nets.patchgan(3, config.critic_width, affine=True) for _ in "ab"
        )
        copy_weights(self.g_ab, engine.networks["generator_ab"])
        copy_weights(self.g_ba, engine.networks["generator_ba"])
        copy_weights(self.d_a, engine.networks["discriminator_a"])
        copy_weights(self.d_b, engine.networks["discriminator_b"])
        adam = {"lr": config.learning_rate, "betas": (config.beta1, 0.999)}
        both_g = itertools.chain(self.g_ab.parameters(), self.g_ba.parameters())
        both_d = itertools.chain(self.d_a.parameters(), self.d_b.parameters())
        self.opt_g = torch.optim.Adam(both_g, **adam)
        self.opt_d = torch.optim.Adam(both_d, **adam)
        rng = torch.Generator().manual_seed(config.seed)
        self.pool_a, self.pool_b = ImagePool(50, rng), ImagePool(50, rng)

    def train_step(self, a: Tensor, b: Tensor) -> dict[str, float]:
        fake_b, fake_a = self.g_ab(a), self.g_ba(b)
        back_a, back_b = self.g_ba(fake_b), self.g_ab(fake_a)
        set_requires_grad([self.d_a, self.d_b], False)
        self.opt_g.zero_grad()
        identity_b = F.l1_loss(self.g_ab(b), b)
        identity_a = F.l1_loss(self.g_ba(a), a)
        gan = _squares(self.d_b(fake_b), 1.0) + _squares(self.d_a(fake_a), 1.0)
        cycle_a, cycle_b = F.l1_loss(back_a, a), F.l1_loss(back_b, b)
        identity = identity_a + identity_b
        (gan + 10 * (cycle_a + cycle_b) + 5 * identity).backward()
        self.opt_g.step()

        set_requires_grad([self.d_a, self.d_b], True)
        self.opt_d.zero_grad()
        loss_a = self._judge(self.d_a, a, self.pool_a.swap(fake_a.detach()))
        loss_b = self._judge(self.d_b, b, self.pool_b.swap(fake_b.detach()))
        self.opt_d.step()
        return {
            "generator": gan.item() / 2,
            "cycle_a": cycle_a.item(),
            "cycle_b": cycle_b.item(),
            "identity": identity.item() / 2,
            "discriminator": (loss_a + loss_b) / 2,
        }

    def _judge(self, network: nn.Module, real: Tensor, fake: Tensor) -> float:
        loss = 0.5 * (_squares(network(real), 1.0) + _squares(network(fake), 0.0))
        loss.backward()
        return loss.item()


class PlainDCGAN:
    """Radford et al. 2016: D on real, D on fake, then G on the same pictures."""

    def __init__(self, engine: DCGAN) -> None:
        config = engine.config
        size = config.image_size
        self.g = nets.dcgan_generator(config.latent_dim, config.generator_width, size)
        self.d = nets.dcgan_critic(config.critic_width, size, norm="batch")
        copy_weights(self.g, engine.generator)
        copy_weights(self.d, engine.critic)
        adam = {"lr": config.learning_rate, "betas": (config.beta1, 0.999)}
        self.opt_g = torch.optim.Adam(self.g.parameters(), **adam)
        self.opt_d = torch.optim.Adam(self.d.parameters(), **adam)
        self.latent_dim = config.latent_dim
        self.rng = torch.Generator().manual_seed(config.seed)

    def train_step(self, real: Tensor) -> dict[str, float]:
        self.opt_d.zero_grad()
        on_real = _cross_entropy(self.d(real), 1.0)
        on_real.backward()
        fake = self.g(_uniform(len(real), self.latent_dim, self.rng))
        on_fake = _cross_entropy(self.d(fake.detach()), 0.0)
        on_fake.backward()
        self.opt_d.step()

        self.opt_g.zero_grad()
        fooled = _cross_entropy(self.d(fake), 1.0)
        fooled.backward()
        self.opt_g.step()
        loss_d = (on_real.item() + on_fake.item()) / 2
        return {"discriminator": loss_d, "generator": fooled.item()}


class PlainWGAN:
    """Arjovsky et al. 2017 and Gulrajani et al. 2017: the critic n times, then G."""

    def __init__(self, engine: WGAN) -> None:
        config = engine.config
        size = config.image_size
        self.config = config
        self.g = nets.dcgan_generator(config.latent_dim, config.generator_width, size)
        self.d = nets.dcgan_critic(config.critic_width, size, norm=config.critic_norm)
        copy_weights(self.g, engine.generator)
        copy_weights(self.d, engine.critic)
        self.opt_g, self.opt_d = (
            torch.optim.RMSprop(network.parameters(), lr=config.learning_rate)
            if config.constraint == "clipping"
            else torch.optim.Adam(
                network.parameters(), lr=config.learning_rate, betas=(0.0, 0.9)
            )
            for network in (self.g, self.d)
        )
        self.rng = torch.Generator().manual_seed(config.seed)

    def train_step(self, pictures: Tensor) -> dict[str, float]:
        losses: dict[str, float] = {}
        for real in pictures.chunk(self.config.critic_steps):
            self.opt_d.zero_grad()
            fake = self.g(self._chance(len(real))).detach()
            distance = self.d(real).mean() - self.d(fake).mean()
            losses = {"wasserstein": distance.item()}
            if self.config.constraint == "clipping":
                (-distance).backward()
                self.opt_d.step()
                for parameter in self.d.parameters():
                    parameter.data.clamp_(-self.config.clip, self.config.clip)
            else:
                penalty = self._penalty(real, fake)
                (penalty - distance).backward()
                self.opt_d.step()
                losses["penalty"] = penalty.item()

        self.opt_g.zero_grad()
        (-self.d(self.g(self._chance(len(real)))).mean()).backward()
        self.opt_g.step()
        return losses

    def _penalty(self, real: Tensor, fake: Tensor) -> Tensor:
        share = torch.rand((len(real), 1, 1, 1), generator=self.rng)
        between = (share * real + (1 - share) * fake).requires_grad_(True)
        scores = self.d(between)
        (slope,) = torch.autograd.grad(
            scores, between, torch.ones_like(scores), create_graph=True
        )
        slope = slope.flatten(1).norm(2, dim=1)
        return self.config.penalty_weight * ((slope - 1) ** 2).mean()

    def _chance(self, count: int) -> Tensor:
        return _uniform(count, self.config.latent_dim, self.rng)


class PlainVAE:
    """Kingma & Welling 2014: the perceptrons, with Adam."""

    def __init__(self, engine: VAE) -> None:
        config = engine.config
        pixels = config.channels * config.image_size**2
        self.inner = config.latent_dim
        self.encoder = nn.Sequential(
            nn.Linear(pixels, config.hidden_width),
            nn.ReLU(),
            nn.Linear(config.hidden_width, 2 * config.latent_dim),
        )
        self.decoder = nn.Sequential(
            nn.Linear(config.latent_dim, config.hidden_width),
            nn.ReLU(),
            nn.Linear(config.hidden_width, pixels),
        )
        copy_weights(self.encoder, engine.vae.encoder)
        copy_weights(self.decoder, engine.vae.decoder)
        parameters = [*self.encoder.parameters(), *self.decoder.parameters()]
        self.optimizer = torch.optim.Adam(parameters, lr=config.learning_rate)
        self.rng = torch.Generator().manual_seed(config.seed)

    def train_step(self, x: Tensor) -> dict[str, float]:
        pixels = ((x + 1) / 2).flatten(1)
        mean, log_var = self.encoder(pixels).chunk(2, 1)
        noise = torch.randn(mean.shape, generator=self.rng)
        z = mean + torch.exp(0.5 * log_var) * noise
        logits = self.decoder(z)
        errors = F.binary_cross_entropy(
            torch.sigmoid(logits), pixels, reduction="sum"
        ) / len(x)
        kl = -0.5 * (1 + log_var - mean.pow(2) - log_var.exp()).sum() / len(x)
        self.optimizer.zero_grad()
        (errors + kl).backward()
        self.optimizer.step()
        elbo = errors.item() + kl.item()
        return {"elbo": elbo, "reconstruction": errors.item(), "kl": kl.item()}


def _cross_entropy(logits: Tensor, target: float) -> Tensor:
    return F.binary_cross_entropy_with_logits(logits, torch.full_like(logits, target))


def _squares(logits: Tensor, target: float) -> Tensor:
    return F.mse_loss(logits, torch.full_like(logits, target))


def _uniform(count: int, latent_dim: int, rng: torch.Generator) -> Tensor:
    return torch.rand((count, latent_dim), generator=rng) * 2 - 1
