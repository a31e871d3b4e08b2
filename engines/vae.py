"""VAE: a space of codes from which pictures can be made again, and new ones drawn.

Kingma & Welling, "Auto-Encoding Variational Bayes", ICLR 2014,
https://arxiv.org/abs/1312.6114. It minimises the negative evidence lower bound,

    -ELBO = E_q(z|x)[-log p(x|z)] + beta * KL(q(z|x) || N(0, I)),    beta = 1,

with q(z|x) = N(mean, diag(exp(log_var))), one z a picture (eq. 10, L = 1) by the
reparameterisation z = mean + exp(log_var / 2) * eps, and the KL in closed form
(appendix B). beta: Higgins et al. 2017; its warm-up: Bowman et al. 2016.

Nats are summed over the pixels and the dimensions of a picture, and averaged over
pictures. Pixels count as values from 0 to 1:
- Bernoulli: the cross-entropy, which real-valued pixels are given as well, as is
  usual. It is then no normalised likelihood (Loaiza-Ganem & Cunningham 2019).
- Gaussian: a density, so it may be negative; as a code for 8-bit pixels it costs
  ln 255 nats more for each value.

Differences from the paper:
- Adam at 1e-3 (Kingma & Ba 2015) for its Adagrad, and batches of 128 for 100.
- The MLP has ReLU for tanh, torch's usual initialisation for N(0, 0.01), and no
  weight decay.
- The learned sigma is one number for all pixels (Rybkin et al. 2021); in the paper it
  depends on z and the pixel, where it can grow without bound on flat pictures.
- The convolutional networks, with batch norm, are ours; the paper has the MLP alone.

Shapes: B = batch, C = 1 or 3, S = side, L = latent dimensions. Pictures are float32
in [-1, 1].
"""

import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import pairwise
from typing import cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engines.base import Engine, Prior
from engines.configs.vae import VAEConfig
from engines.data.batches import PictureBatch
from engines.nets.conv import Conv2d, ConvTranspose2d
from engines.training.device import Compute

EVALUATION_SEED = 0

# ----------------------------------------------------------------------------
# The terms of the bound, in nats a picture, (B,).


def gaussian_kl(mean: Tensor, log_var: Tensor) -> Tensor:
    """KL(N(mean, exp(log_var)) || N(0, I)) of (B, L), appendix B of the paper."""
    return 0.5 * (mean.square() + log_var.exp() - 1 - log_var).sum(dim=1)


def bernoulli_nll(pixels: Tensor, logits: Tensor) -> Tensor:
    """-log p of *pixels* in [0, 1], both (B, ...), as independent coins."""
    nll = F.binary_cross_entropy_with_logits(logits, pixels, reduction="none")
    return nll.flatten(1).sum(dim=1)


def gaussian_nll(pixels: Tensor, mean: Tensor, log_sigma: Tensor) -> Tensor:
    """-log N(pixels; mean, sigma² I), *pixels* and *mean* (B, ...), one sigma."""
    squares = ((pixels - mean) * torch.exp(-log_sigma)).square()
    nll = 0.5 * squares + log_sigma + 0.5 * math.log(2 * math.pi)
    return nll.flatten(1).sum(dim=1)


def draw(mean: Tensor, log_var: Tensor, rng: torch.Generator) -> Tensor:
    """Draw z of q(z|x), (B, L), differentiable in both (section 2.4)."""
    eps = torch.randn(mean.shape, generator=rng, device=mean.device)
    return mean + torch.exp(0.5 * log_var) * eps


# ----------------------------------------------------------------------------
# Networks.


class Autoencoder(nn.Module):
    """Encoder (B, C, S, S) -> (B, 2 L), decoder (B, L) -> (B, C, S, S) of logits."""

    # Adam moves a weight by about its rate, whatever the gradient; sigma has a long
    # way to go and its best value follows the errors, so it takes steps ten times.
    SIGMA_RATE = 10.0

    def __init__(self, config: VAEConfig, rng: torch.Generator) -> None:
        """Build both as *config* says, drawn from the CPU generator *rng*."""
        super().__init__()
        make = _convolutions if config.network == "conv" else _perceptrons
        self.encoder, self.decoder = make(config)
        _initialise(self.encoder, rng)
        _initialise(self.decoder, rng)
        self.likelihood = config.likelihood
        share = torch.tensor(math.log(config.sigma) / self.SIGMA_RATE)
        learned = config.likelihood == "gaussian_learned"
        self.log_sigma_share = nn.Parameter(share) if learned else share

    def posterior(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and log variance of q(z|x), (B, L) each."""
        mean, log_var = self.encoder(_pixels(x)).float().chunk(2, dim=1)
        return mean, log_var

    def logits(self, z: Tensor) -> Tensor:
        """What sigmoid makes pixels of, (B, C, S, S): the mean of p(x|z)."""
        return cast("Tensor", self.decoder(z)).float()

    def log_sigma(self) -> Tensor:
        """Logarithm of the noise of p(x|z), a scalar."""
        return self.SIGMA_RATE * self.log_sigma_share

    def bound(self, x: Tensor, rng: torch.Generator) -> tuple[Tensor, Tensor]:
        """Reconstruction and KL terms of -ELBO, (B,) each, with z drawn from *rng*."""
        mean, log_var = self.posterior(x)
        logits = self.logits(draw(mean, log_var, rng))
        if self.likelihood == "bernoulli":
            reconstruction = bernoulli_nll(_pixels(x), logits)
        else:
            made = torch.sigmoid(logits)
            reconstruction = gaussian_nll(_pixels(x), made, self.log_sigma())
        return reconstruction, gaussian_kl(mean, log_var)


def _pixels(x: Tensor) -> Tensor:
    """From [-1, 1] to [0, 1], which the likelihoods are of and the paper's nets see."""
    return (x + 1) / 2


def _perceptrons(config: VAEConfig) -> tuple[nn.Sequential, nn.Sequential]:
    """One hidden layer each way (appendix C)."""
    shape = (config.channels, config.image_size, config.image_size)
    pixels, hidden = math.prod(shape), config.hidden_width
    encoder = nn.Sequential(
        nn.Flatten(),
        nn.Linear(pixels, hidden),
        nn.ReLU(),
        nn.Linear(hidden, 2 * config.latent_dim),
    )
    decoder = nn.Sequential(
        nn.Linear(config.latent_dim, hidden),
        nn.ReLU(),
        nn.Linear(hidden, pixels),
        nn.Unflatten(1, shape),
    )
    return encoder, decoder


def _convolutions(config: VAEConfig) -> tuple[nn.Sequential, nn.Sequential]:
    """Halve the side down to 4 (or 7) pixels, doubling the width; and back."""
    side: int = config.image_size
    widths = [config.channels]
    while side % 2 == 0 and side > 4:
        side //= 2
        widths.append(config.width * min(2 ** (len(widths) - 1), 8))
    encoder: list[nn.Module] = []
    decoder: list[nn.Module] = []
    for outer, inner in pairwise(widths):
        encoder += [Conv2d(outer, inner, 4, 2, 1), nn.BatchNorm2d(inner), nn.ReLU()]
        decoder = [
            nn.BatchNorm2d(inner),
            nn.ReLU(),
            ConvTranspose2d(inner, outer, 4, 2, 1),
            *decoder,
        ]
    shape = (widths[-1], side, side)
    innermost = math.prod(shape)
    encoder += [nn.Flatten(), nn.Linear(innermost, 2 * config.latent_dim)]
    first = [nn.Linear(config.latent_dim, innermost), nn.Unflatten(1, shape)]
    return nn.Sequential(*encoder), nn.Sequential(*first, *decoder)


def _initialise(network: nn.Sequential, rng: torch.Generator) -> None:
    """Uniform within 1 / sqrt(inputs of a unit), as torch does, but from *rng*."""
    kinds = nn.Linear | nn.Conv2d | nn.ConvTranspose2d
    for layer in network:
        if isinstance(layer, kinds):
            nn.init.kaiming_uniform_(layer.weight, a=math.sqrt(5), generator=rng)
            assert layer.bias is not None
            nn.init.zeros_(layer.bias)


# ----------------------------------------------------------------------------
# The engine.


class VAE(Engine):
    """An encoder and a decoder, trained together."""

    config: VAEConfig
    used = ("vae",)

    def __init__(
        self, config: VAEConfig, compute: Compute, *, class_count: int = 0
    ) -> None:
        """Build and initialise the networks on the device."""
        super().__init__(config, compute, class_count=class_count)
        self.vae = Autoencoder(config, torch.Generator().manual_seed(config.seed))
        self.add("vae", self.vae, torch.optim.Adam, fused=True)
        self.average("vae")
        self._warmth = 1.0  # the share of beta in force

    # ------------------------------------------------------------------------
    # Training.

    def train_step(self, batch: PictureBatch) -> Mapping[str, Tensor]:
        """One update on one batch; -ELBO is reported without beta."""
        with self.compute.autocast():
            reconstruction, kl = (t.mean() for t in self.vae.bound(batch.x, self.rng))
        self.descend(reconstruction + self.config.beta * self._warmth * kl, "vae")
        self.update_averages()
        reconstruction, kl = reconstruction.detach(), kl.detach()
        return {"elbo": reconstruction + kl, "reconstruction": reconstruction, "kl": kl}

    def set_progress(self, fraction: float) -> None:
        """The learning rate, and beta, which grows at first."""
        super().set_progress(fraction)
        warmup = self.config.kl_warmup
        self._warmth = min(1.0, fraction / warmup) if warmup else 1.0

    # ------------------------------------------------------------------------
    # Use.

    @property
    def latent_dim(self) -> int:
        """L."""
        return self.config.latent_dim

    @property
    def prior(self) -> Prior:
        """N(0, I)."""
        return "normal"

    @property
    def classes(self) -> int:
        """None: pictures of every class share the space."""
        return 0

    def sample_prior(self, count: int, rng: torch.Generator) -> Tensor:
        """(count, L) from N(0, I)."""
        return torch.randn(count, self.latent_dim, generator=rng)

    def encode(self, x: Tensor) -> Tensor:
        """The mean of q(z|x), (B, L), of pictures (B, C, S, S) in [-1, 1]."""
        return self.posterior(x)[0]

    def posterior(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and standard deviation of q(z|x), (B, L) each, as for `encode`."""
        with self._using() as vae:
            mean, log_var = vae.posterior(x.to(self.compute.device))
        return mean, torch.exp(0.5 * log_var)

    def decode(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """The mean of p(x|z), (B, C, S, S) in [-1, 1]; there are no *labels*."""
        assert labels is None, "it learnt no classes"
        with self._using(gradients=z.requires_grad) as vae:
            logits = vae.logits(z.to(self.compute.device))
        return 2 * torch.sigmoid(logits) - 1

    def evaluate(self, x: Tensor) -> Mapping[str, Tensor]:
        """The terms of -ELBO in nats, (B,) each, one draw of z a picture."""
        device = self.compute.device
        rng = torch.Generator(device).manual_seed(EVALUATION_SEED)
        with self._using() as vae:
            reconstruction, kl = vae.bound(x.to(device), rng)
        return {"elbo": reconstruction + kl, "reconstruction": reconstruction, "kl": kl}

    @contextmanager
    def _using(self, *, gradients: bool = False) -> Iterator[Autoencoder]:
        """The network that results come from, with what training needs turned off."""
        vae = cast("Autoencoder", self.in_use("vae"))
        was_training = vae.training
        vae.eval()
        try:
            with torch.set_grad_enabled(gradients), self.compute.autocast():
                yield vae
        finally:
            vae.train(was_training)
