"""For the tests of watchers: pictures of one level each, and a check for chance."""

import torch

from engines.data.store import PictureStore

SIDE = 16


def flat(levels, *, side=SIDE, channels=3):
    """Pictures (N, C, S, S) uint8 of one level, 0..255, each."""
    levels = torch.tensor(list(levels), dtype=torch.uint8)
    return levels[:, None, None, None].expand(-1, channels, side, side).contiguous()


def store(a, b=None, *, labels=None, names=None):
    """A store of pictures that are called "0", "1", ... unless told otherwise."""
    return PictureStore(
        a=a,
        b=b,
        labels=torch.tensor(labels or [0] * len(a)),
        names=tuple(names or map(str, range(len(a)))),
    )


def level(pictures):
    """The level of each picture of (K, H, W, 3), which must be flat."""
    first = pictures[:, :1, :1, :1]
    assert (pictures == first).all()
    return first.flatten().tolist()


def watch_everything(watcher):
    """Look once; True where that drew nothing from torch's own stream."""
    before = torch.get_rng_state()
    watcher.preview()
    watcher.measure()
    return torch.equal(torch.get_rng_state(), before)
