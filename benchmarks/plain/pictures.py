"""Pictures as published scripts load them: each file opened whenever it is wanted.

As in the code that its authors published for Pix2Pix and CycleGAN: Pillow opens,
converts, resizes, cuts and mirrors, then comes a tensor, and a `DataLoader` makes
batches.
"""

import random
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageOps
from torch import Tensor
from torch.utils.data import DataLoader, Dataset, RandomSampler

from engines.data.batches import load_size
from engines.data.sets import Item, Source

ENDLESS = 100_000_000


class PlainPictures(Dataset[tuple[Tensor, ...]]):
    """One picture, or the two of a pair, each (C, S, S) float32 in [-1, 1]."""

    def __init__(
        self, items: Sequence[Item], size: int, *, varied: bool, grey: bool = False
    ) -> None:
        """Keep where the pictures are.

        Args:
            items: Which.
            size: Side of what is shown, in pixels.
            varied: Whether it is cut from a larger one and mirrored, by chance.
            grey: Whether it has one channel.
        """
        self.items = items
        self.size = size
        self.varied = varied
        self.mode = "L" if grey else "RGB"

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, index: int) -> tuple[Tensor, ...]:
        side = load_size(self.size, self.varied)
        left, top = (random.randint(0, side - self.size) for _ in "xy")
        box = (left, top, left + self.size, top + self.size)
        mirrored = self.varied and random.random() < 0.5
        pictures = []
        for source in self.items[index].sources:
            image = opened(source).convert(self.mode)
            image = ImageOps.fit(image, (side, side), Image.Resampling.BICUBIC)
            image = image.crop(box)
            if mirrored:
                image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
            pictures.append(as_tensor(image))
        return tuple(pictures)


def opened(source: Source) -> Image.Image:
    """What an item names: a file, half of one, or a picture of an IDX file."""
    if source.index is not None:
        return Image.fromarray(idx_pictures(source.path)[source.index])
    image = Image.open(source.path)
    middle = image.width // 2
    if source.half == "left":
        return image.crop((0, 0, middle, image.height))
    if source.half == "right":
        return image.crop((image.width - middle, 0, image.width, image.height))
    return image


@lru_cache
def idx_pictures(path: Path) -> NDArray[np.uint8]:
    """All pictures of an IDX file, (N, H, W), read once."""
    raw = path.read_bytes()
    shape = np.frombuffer(raw, ">u4", raw[3], 4)
    return np.frombuffer(raw, np.uint8, offset=4 + 4 * raw[3]).reshape(shape)


def as_tensor(image: Image.Image) -> Tensor:
    """(C, S, S) float32 in [-1, 1], by way of [0, 1]."""
    numbers = np.array(image).reshape(image.height, image.width, -1)
    tensor = torch.from_numpy(numbers).permute(2, 0, 1).contiguous()
    return tensor.float().div(255).sub_(0.5).div_(0.5)


def loader(
    pictures: PlainPictures, batch_size: int, workers: int
) -> DataLoader[tuple[Tensor, ...]]:
    """Batches without an end, in an order of chance, each side (B, C, S, S)."""
    order = RandomSampler(pictures, replacement=True, num_samples=ENDLESS)
    return DataLoader(pictures, batch_size, sampler=order, num_workers=workers)
