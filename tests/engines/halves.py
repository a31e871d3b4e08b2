"""Two kinds of pictures that differ in what half is bright, for engines that invent."""

import torch

from engines.data.batches import PictureBatch

KINDS = 2


def halves(seed, config, count=None) -> PictureBatch:
    """Pictures bright in the upper half (kind 0) or in the lower half (kind 1)."""
    count = count or config.pictures_per_step
    rng = torch.Generator().manual_seed(seed)
    side = config.image_size
    labels = torch.randint(KINDS, (count,), generator=rng)
    x = torch.full((count, config.channels, side, side), -0.8)
    x[labels == 0, :, : side // 2] = 0.8
    x[labels == 1, :, side // 2 :] = 0.8
    noise = torch.randn(x.shape, generator=rng) * 0.05
    return PictureBatch((x + noise).clamp(-1, 1), labels)


def upper_minus_lower(x):
    """What kind each picture is: +1.6 for a real one of kind 0, -1.6 of kind 1."""
    half = x.shape[-1] // 2
    return x[:, :, :half].mean((1, 2, 3)) - x[:, :, half:].mean((1, 2, 3))


def train(engine, steps):
    """The losses of so many steps."""
    return [
        {k: v.item() for k, v in engine.train_step(halves(s, engine.config)).items()}
        for s in range(steps)
    ]


def sample(engine, count=64, labels=None, seed=0):
    """New pictures, the same for the same seed."""
    z = engine.sample_prior(count, torch.Generator().manual_seed(seed))
    return engine.decode(z, labels)


def state(engine):
    """A copy of all that an engine keeps."""
    return {
        k: v.clone() for k, v in (engine.weights() | engine.training_state()).items()
    }


def assert_goes_on_to_the_bit(engine, other):
    """Give *other* the state of *engine*, train both and find them equal."""
    kept = state(engine)
    other.load_weights({k: v for k, v in kept.items() if k in engine.weights()})
    other.load_training_state(
        {k: v for k, v in kept.items() if k not in engine.weights()}
    )
    for step in range(2, 4):
        batch = halves(step, engine.config)
        one, two = engine.train_step(batch), other.train_step(batch)
        assert {k: v.item() for k, v in one.items()} == {
            k: v.item() for k, v in two.items()
        }
    after, others = state(engine), state(other)
    assert after.keys() == others.keys()
    assert all(torch.equal(value, others[key]) for key, value in after.items())
