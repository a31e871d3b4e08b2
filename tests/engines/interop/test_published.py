"""Tests for engines.interop.published: every generator of the published code."""

import copy
import itertools
from functools import partial

import pytest
import torch

from engines.errors import CheckpointError
from engines.interop.published import open_published
from tests.engines.interop import plain_published as plain

WIDTH = 4
NORMS = ("instance", "batch", "none")
CLOSE = {"atol": 1e-4, "rtol": 0}  # a hundredth of a step of 8-bit colours
CHANNELS = [(3, 3), (1, 3), (3, 1)]
GREY = torch.tensor([0.299, 0.587, 0.114]).view(1, 3, 1, 1)  # ITU-R BT.601


@pytest.fixture
def saved(tmp_path):
    """Save something as torch does; the file."""

    def save(content, name="latest_net_G.pth", **how):
        torch.save(content, tmp_path / name, **how)
        return tmp_path / name

    return save


def pictures(side):
    rng = torch.Generator().manual_seed(1)
    return torch.rand((2, 3, side, side), generator=rng) * 2 - 1


def seen(x, c_in):
    """What a generator for grey pictures is shown of colour."""
    return x if c_in == 3 else (GREY * x).sum(1, keepdim=True)


def assert_same_pictures(opened, x, state, oracle):
    """As *oracle* makes them: all but exactly in 64 bits, closely in 32."""
    exact = {n: v.double() for n, v in state.items() if v.is_floating_point()}
    expected = oracle(exact, seen(x.double(), opened.layout.channels_in))
    expected = expected.expand_as(x)
    assert 0.05 < expected.std() < 0.9  # a picture, not a flat or burnt one
    torch.testing.assert_close(opened.translate(x), expected.float(), **CLOSE)
    network = copy.deepcopy(opened.generator_for("AtoB")).double()
    torch.testing.assert_close(network(x.double()), expected, atol=1e-9, rtol=0)


@pytest.mark.parametrize(
    ("blocks", "norm", "dropout"),
    list(itertools.product((6, 9, 1), NORMS, (False, True))),
)
def test_a_residual_generator_is_inferred_and_translates_alike(
    saved, blocks, norm, dropout
):
    for c_in, c_out in CHANNELS:
        kind = {"blocks": blocks, "norm": norm, "dropout": dropout}
        state = plain.resnet_state(width=WIDTH, c_in=c_in, c_out=c_out, **kind)
        opened = open_published(saved(state), device="cpu")
        layout = opened.layout
        assert (layout.kind, layout.depth, layout.width) == ("resnet", blocks, WIDTH)
        assert (layout.norm, layout.dropout) == (norm, dropout)
        assert (layout.channels_in, layout.channels_out) == (c_in, c_out)
        assert (opened.image_size, opened.directions) == (256, ("AtoB",))
        x = pictures(2 * opened.multiple)
        assert_same_pictures(opened, x, state, partial(plain.resnet, **kind))


@pytest.mark.parametrize(
    ("downs", "norm"),
    list(itertools.product((5, 6, 7, 8), NORMS)),
)
def test_a_unet_is_inferred_and_translates_alike(saved, downs, norm):
    for c_in, c_out in CHANNELS:
        state = plain.unet_state(
            downs=downs, width=WIDTH, norm=norm, c_in=c_in, c_out=c_out
        )
        opened = open_published(saved(state), device="cpu")
        layout = opened.layout
        assert (layout.kind, layout.depth, layout.width) == ("unet", downs, WIDTH)
        assert (layout.norm, layout.channels_in) == (norm, c_in)
        assert layout.channels_out == c_out
        assert opened.image_size == opened.multiple == 2**downs
        oracle = partial(plain.unet, downs=downs, norm=norm)
        assert_same_pictures(opened, pictures(2**downs), state, oracle)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (
            plain.resnet_state(blocks=9, width=4, norm="instance", dropout=False),
            "A residual generator with 9 blocks, 4 channels wide, instance norm, "
            "from colour to colour.",
        ),
        (
            plain.resnet_state(blocks=6, width=8, norm="batch", dropout=True, c_in=1),
            "A residual generator with 6 blocks, 8 channels wide, batch norm, "
            "dropout, from grey to colour.",
        ),
        (
            plain.unet_state(downs=8, width=4, norm="batch"),
            "A U-Net for 256 pixels, 4 channels wide, batch norm, from colour to "
            "colour. Such a file does not tell whether it learnt with dropout, which "
            "makes no difference unless noise is asked for.",
        ),
        (
            plain.unet_state(downs=5, width=4, norm="none", c_out=1),
            "A U-Net for 32 pixels, 4 channels wide, no norm, from colour to grey.",
        ),
    ],
)
def test_what_was_inferred_is_said(saved, state, words):
    assert open_published(saved(state), device="cpu").words == words


def test_the_papers_width_is_read(saved):
    state = plain.resnet_state(blocks=1, width=64, norm="instance", dropout=False)
    assert open_published(saved(state), device="cpu").layout.width == 64


# ----------------------------------------------------------------------------
# How files differ that hold the same.


@pytest.mark.parametrize("legacy", [False, True], ids=["archive", "before torch 1.6"])
@pytest.mark.parametrize("counters", [False, True], ids=["torch 0.3", "torch 0.4"])
@pytest.mark.parametrize("kind", ["resnet", "unet"])
def test_statistics_under_instance_norm_are_dropped(saved, kind, counters, legacy):
    if kind == "resnet":
        state = plain.resnet_state(blocks=2, width=4, norm="instance", dropout=True)
        old = plain.resnet_state(blocks=2, width=4, norm="batch", dropout=True)
    else:
        state = plain.unet_state(downs=6, width=4, norm="instance")
        old = plain.unet_state(downs=6, width=4, norm="batch")
    kept = ("mean", "var", "tracked") if counters else ("mean", "var")
    statistics = {n: 9 * v for n, v in old.items() if n.endswith(kept)}
    path = saved({**state, **statistics}, _use_new_zipfile_serialization=not legacy)
    opened = open_published(path, device="cpu")
    assert opened.layout.norm == "instance"
    x = pictures(64)
    expected = (
        plain.resnet(state, x, blocks=2, norm="instance", dropout=True)
        if kind == "resnet"
        else plain.unet(state, x, downs=6, norm="instance")
    )
    torch.testing.assert_close(opened.translate(x), expected, **CLOSE)


def wrapped_by_cards(state):
    return {f"module.{name}": value for name, value in state.items()}


def in_a_checkpoint(state):
    optimizer = {"state": {0: {"step": 3}}, "param_groups": [{"lr": 2e-4}]}
    return {"state_dict": state, "epoch": 200, "optimizer": optimizer}


def in_16_bits(state):
    return {n: v.half() if v.is_floating_point() else v for n, v in state.items()}


def without_counters(state):
    return {n: v for n, v in state.items() if not n.endswith("num_batches_tracked")}


def as_parameters(state):
    return {n: torch.nn.Parameter(v, v.is_floating_point()) for n, v in state.items()}


@pytest.mark.parametrize(
    "changed",
    [
        wrapped_by_cards,
        in_a_checkpoint,
        in_16_bits,
        without_counters,
        as_parameters,
    ],
)
def test_other_ways_to_save_the_same_are_read(saved, changed):
    state = plain.unet_state(downs=5, width=4, norm="batch")
    opened = open_published(saved(changed(state)), device="cpu")
    x = pictures(32)
    expected = plain.unet(state, x, downs=5, norm="batch")
    atol = 0.02 if changed is in_16_bits else 1e-4
    torch.testing.assert_close(opened.translate(x), expected, atol=atol, rtol=0)


# ----------------------------------------------------------------------------
# How it may be used.


def test_noise_is_drawn_from_a_seed_and_leaves_no_trace(saved):
    state = plain.resnet_state(blocks=2, width=4, norm="instance", dropout=True)
    opened = open_published(saved(state), device="cpu")
    x = pictures(32)
    still = opened.translate(x)
    noisy = [
        opened.translate(x, noise=torch.Generator().manual_seed(seed))
        for seed in (1, 1, 2)
    ]
    assert torch.equal(noisy[0], noisy[1])
    assert (noisy[0] - noisy[2]).abs().max() > 0.01
    assert (noisy[0] - still).abs().max() > 0.01
    assert torch.equal(opened.translate(x), still)


def test_a_picture_can_bring_its_own_statistics(saved):
    state = plain.unet_state(downs=5, width=4, norm="batch")
    opened = open_published(saved(state), device="cpu")
    x = pictures(32)[:1]
    still = opened.translate(x)
    # Over one picture, batch norm is instance norm with a scale and a shift.
    expected = plain.unet(state, x, downs=5, norm="picture")
    torch.testing.assert_close(opened.translate(x, norm="picture"), expected, **CLOSE)
    assert (expected - still).abs().max() > 0.05
    assert torch.equal(opened.translate(x), still)


# ----------------------------------------------------------------------------
# Files that are something else.


def changed(**values):
    state = plain.resnet_state(blocks=2, width=4, norm="batch", dropout=False)
    state.update(values)
    return {name: value for name, value in state.items() if value is not None}


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        (
            changed(**{"model.4.weight": None}),
            "begins like a residual generator with 2 blocks, but 'model.4.weight' is "
            "missing",
        ),
        (
            changed(**{"model.5.running_var": torch.ones(9)}),
            "'model.5.running_var' has 9 numbers instead of 8",
        ),
        (
            changed(**{"model.11.conv_block.9.bias": torch.ones(2)}),
            "'model.11.conv_block.9.bias' does not belong there",
        ),
        (
            {"model.0.weight": torch.ones(8, 6, 4, 4), "model.0.bias": torch.ones(8)},
            "looks like the weights of a critic",
        ),
        ({"net.0.weight": torch.ones(8, 6, 1, 1)}, "weights of a critic"),
        ({"features.0.weight": torch.ones(8, 3, 3, 3)}, "another kind of network"),
        ({"model.1.weight": torch.ones(8)}, "'model.1.weight' is no kernel"),
        (
            plain.unet_state(downs=4, width=4, norm="batch"),
            "is a U-Net of 4 levels; between 5 and 12 can be used",
        ),
        (
            plain.unet_state(downs=400, width=1, norm="none"),
            "is a U-Net of 400 levels; between 5 and 12 can be used",
        ),
        (
            changed(**{"model.1.weight": torch.ones(0, 3, 7, 7)}),
            "'model.1.weight' is no kernel",
        ),
        (
            plain.unet_state(downs=5, width=4, norm="batch", c_in=4),
            "is for pictures of 4 channels; only colour (3) and grey (1)",
        ),
        (
            plain.resnet_state(
                blocks=1, width=4, norm="none", dropout=False, c_in=1, c_out=2
            ),
            "is for pictures of 2 channels",
        ),
        (
            changed(**{"model.2.bias": torch.tensor([0, 0, 0, float("nan")])}),
            "numbers that are not finite (in 'model.2.bias')",
        ),
        (
            changed(**{"model.2.bias": torch.tensor([1, 2, 3, 4])}),
            "holds 'model.2.bias' in a form that is not used there",
        ),
    ],
)
def test_another_network_is_refused_in_words(saved, state, sentence):
    path = saved(state)
    with pytest.raises(CheckpointError) as refusal:
        open_published(path, device="cpu")
    assert sentence in str(refusal.value)
    assert "'latest_net_G.pth'" in str(refusal.value)
