"""The VAE on Fashion-MNIST beside a plain script: is its bound as good?

Run by hand from the root of the repository:

    python -m benchmarks.fidelity.vae [epochs] [seeds] [folder for the sheet]

MLP 784-400-20, Bernoulli on the real-valued pixels, Adam at 1e-3, batches of 128 of
58,000 garments in the same order, 10 epochs: once our engine, once forty lines
of plain torch. Printed: -ELBO of the other 2,000 garments, nats a picture, one draw of
z each. Ours may be worse by 0.5 nats at most. The sheet shows garments that were held
out, what the engine remakes of them, and samples of the prior.
"""

import gzip
import sys
import time
import zipfile
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engines.configs.vae import VAEConfig
from engines.data.batches import PictureBatch
from engines.data.images import save_picture
from engines.pixels import to_pictures
from engines.sheets import contact_sheet
from engines.training.device import choose
from engines.vae import VAE

ARCHIVE = Path(__file__).parents[2].parent / "shared" / "data" / "fashion_mnist.zip"
IMAGES = "fashion_mnist/train-images-idx3-ubyte.gz"
HELD_OUT = 2_000
BATCH = 128
ALLOWED = 0.5  # nats
SHOWN = 8


def main() -> None:
    """Train both with each seed, print the table, write the sheet of the last."""
    epochs = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    seeds = int(sys.argv[2]) if len(sys.argv) > 2 else 2
    folder = Path(sys.argv[3]) if len(sys.argv) > 3 else Path()
    pixels = garments()
    training, held_out = pixels[:-HELD_OUT], pixels[-HELD_OUT:]
    print(f"{epochs} epochs, {torch.get_num_threads()} threads; nats a picture")
    print(f"{'':10}{'seed':>6}{'-ELBO':>9}{'errors':>9}{'KL':>8}{'seconds':>9}")
    worse = 0.0
    for seed in range(seeds):
        began = time.perf_counter()
        plain = train_plain(training, epochs, seed)
        found = row("plain", seed, *plain.terms(held_out), began)
        began = time.perf_counter()
        engine = train_ours(training, epochs, seed)
        terms = engine.evaluate(2 * held_out - 1)
        ours = row("ours", seed, terms["reconstruction"], terms["kl"], began)
        worse += (ours - found) / seeds
    write_sheet(engine, held_out, folder / "fashion_vae.png")
    verdict = "within what is allowed" if worse <= ALLOWED else "TOO MUCH"
    print(f"ours is worse by {worse:+.2f} nats (mean of {seeds}): {verdict}")


def garments() -> Tensor:
    """All garments, (60,000, 1, 28, 28) in [0, 1]."""
    with zipfile.ZipFile(ARCHIVE) as archive:
        raw = gzip.decompress(archive.read(IMAGES))
    grey = np.frombuffer(raw, np.uint8, offset=16).reshape(-1, 1, 28, 28)
    return torch.from_numpy(grey.copy()).float() / 255


def orders(count: int, epochs: int, seed: int) -> list[Tensor]:
    """The rows of every batch: a permutation each epoch, the last short batch too."""
    rng = torch.Generator().manual_seed(seed)
    return [
        rows
        for _ in range(epochs)
        for rows in torch.randperm(count, generator=rng).split(BATCH)
    ]


def row(name: str, seed: int, errors: Tensor, kl: Tensor, began: float) -> float:
    """Print a line of the table; its -ELBO."""
    bound = (errors + kl).mean().item()
    seconds = time.perf_counter() - began
    print(
        f"{name:10}{seed:6}{bound:9.2f}{errors.mean().item():9.2f}"
        f"{kl.mean().item():8.2f}{seconds:9.0f}",
        flush=True,
    )
    return bound


# ----------------------------------------------------------------------------
# Forty plain lines.


class Plain(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.hidden = nn.Linear(784, 400)
        self.mean = nn.Linear(400, 20)
        self.log_var = nn.Linear(400, 20)
        self.back = nn.Linear(20, 400)
        self.pixels = nn.Linear(400, 784)

    def terms(self, x: Tensor) -> tuple[Tensor, Tensor]:
        x = x.flatten(1)
        h = torch.relu(self.hidden(x))
        mean, log_var = self.mean(h), self.log_var(h)
        z = mean + torch.randn_like(mean) * (0.5 * log_var).exp()
        logits = self.pixels(torch.relu(self.back(z)))
        errors = F.binary_cross_entropy_with_logits(logits, x, reduction="none")
        kl = -0.5 * (1 + log_var - mean**2 - log_var.exp())
        return errors.sum(1), kl.sum(1)


def train_plain(x: Tensor, epochs: int, seed: int) -> Plain:
    torch.manual_seed(seed)
    model = Plain()
    adam = torch.optim.Adam(model.parameters(), lr=1e-3)
    for rows in orders(len(x), epochs, seed):
        errors, kl = model.terms(x[rows])
        adam.zero_grad()
        (errors + kl).mean().backward()
        adam.step()
    return model.requires_grad_(False)


# ----------------------------------------------------------------------------
# Ours.


def train_ours(x: Tensor, epochs: int, seed: int) -> VAE:
    """The engine with the paper's network, its defaults otherwise."""
    config = VAEConfig(image_size=28, colours="grey", network="mlp", seed=seed)
    engine = VAE(config, choose("cpu", "fp32"))
    batches = orders(len(x), epochs, seed)
    for step, rows in enumerate(batches):
        engine.set_progress(step / len(batches))
        labels = torch.zeros(len(rows), dtype=torch.int64)
        engine.train_step(PictureBatch(2 * x[rows] - 1, labels))
    return engine


def write_sheet(engine: VAE, held_out: Tensor, path: Path) -> None:
    """Held-out garments, their copies, and samples of the prior."""
    real = 2 * held_out[: 3 * SHOWN] - 1
    again = engine.decode(engine.encode(real))
    rng = torch.Generator().manual_seed(0)
    made = engine.decode(engine.sample_prior(4 * SHOWN, rng))
    columns: dict[str, Tensor] = {}
    for k, (one, other) in enumerate(
        zip(torch.split(real, SHOWN), torch.split(again, SHOWN), strict=True), 1
    ):
        columns |= {f"Held out {k}": one, f"Remade {k}": other}
    columns |= {f"New {k}": part for k, part in enumerate(torch.split(made, SHOWN), 1)}
    pictures = {
        caption: to_pictures(x.expand(-1, 3, -1, -1)) for caption, x in columns.items()
    }
    save_picture(path, contact_sheet(pictures))
    print(f"sheet: {path}")


if __name__ == "__main__":
    main()
