"""Spaces of small runs, and one that can be reckoned by hand."""

import numpy as np
import pytest
import torch

from engines.base import Engine
from engines.configs.vae import VAEConfig
from engines.data.images import decode
from engines.latent.space import Space, load_space
from engines.training.device import choose


@pytest.fixture(scope="session")
def digit_pictures(digits):
    """(400, 28, 28, 3) uint8 and their digits (400,)."""
    files = sorted(digits.glob("*/*.png"))
    pictures = np.stack([decode(file) for file in files])
    return pictures, np.array([int(file.parent.name) for file in files])


@pytest.fixture
def vae(vae_run):
    return load_space(vae_run, device="cpu")


@pytest.fixture
def gan(gan_run):
    return load_space(gan_run, device="cpu")


class Painting(Engine):
    """A decoder that can be reckoned by hand: grey pictures A z, through a ReLU.

    Attributes:
        matrix: A, (784, L); what leaves the ReLU is z and -z, without their signs.
    """

    used = ("net",)
    classes = 0
    prior = "normal"

    def __init__(self, matrix):
        config = VAEConfig(image_size=28, colours="grey", latent_dim=matrix.shape[1])
        super().__init__(config, choose("cpu", "fp32"))
        self.matrix = matrix
        inner = torch.nn.Linear(matrix.shape[1], 784, bias=False)
        with torch.no_grad():
            inner.weight.copy_(matrix)
        twice = torch.nn.Linear(784, 1568, bias=False)
        back = torch.nn.Linear(1568, 784, bias=False)
        eye = torch.eye(784)
        with torch.no_grad():
            twice.weight.copy_(torch.cat([eye, -eye]))
            back.weight.copy_(torch.cat([eye, -eye], dim=1))
        net = torch.nn.Sequential(inner, twice, torch.nn.ReLU(), back)
        self.add("net", net, torch.optim.SGD)

    @property
    def latent_dim(self):
        return self.matrix.shape[1]

    def train_step(self, batch):
        raise NotImplementedError

    def sample_prior(self, count, rng):
        return torch.randn(count, self.latent_dim, generator=rng)

    def decode(self, z, labels=None):
        with torch.set_grad_enabled(z.requires_grad):
            return self.networks["net"](z).view(-1, 1, 28, 28)


@pytest.fixture
def painted(tmp_path):
    """Make a space whose pictures are A z for a given A (784, L)."""

    def make(matrix):
        engine = Painting(torch.as_tensor(matrix, dtype=torch.float32))
        return Space(path=tmp_path, name="Painting", step=0, engine=engine)

    return make
