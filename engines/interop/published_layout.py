"""Finds out which published generator weights belong to, by names and shapes alone."""

from collections.abc import Mapping
from typing import TypeVar

from engines.interop.published_nets import (
    LEAST_LEVELS,
    MOST_LEVELS,
    Layout,
    PublishedNorm,
    Shapes,
    shapes_of,
)

T = TypeVar("T")


class Unfit(Exception):
    """They belong to something else; the message is a clause about the file."""


def infer(shapes: Shapes) -> Layout:
    """The layout of the generator whose state dict has these *shapes*.

    What old versions of torch kept under instance norm, and counters, may be among
    them or not. Every other name and shape is right, or there is no layout.

    Raises:
        Unfit: They are not those of such a generator.
    """
    if "model.model.0.weight" in shapes:
        layout = _unet(shapes)
    elif "model.1.weight" in shapes:
        layout = _resnet(shapes)
    elif "model.0.weight" in shapes or "net.0.weight" in shapes:
        raise Unfit(
            "looks like the weights of a critic (discriminator), which judges pictures "
            "and makes none"
        )
    else:
        raise Unfit("holds the weights of another kind of network")
    _check_same(shapes, layout)
    for channels in (layout.channels_in, layout.channels_out):
        if channels not in (1, 3):
            raise Unfit(
                f"is for pictures of {channels} channels; only colour (3) and grey (1) "
                "can be used"
            )
    return layout


def words_for(layout: Layout) -> str:
    """What was inferred, for the user: a sentence or two."""
    norms = {"instance": "instance norm", "batch": "batch norm", "none": "no norm"}
    colours = {1: "grey", 3: "colour"}
    words = (
        f"A {_title(layout)}, {layout.width} channels wide, {norms[layout.norm]}"
        f"{', dropout' if layout.kind == 'resnet' and layout.dropout else ''}, "
        f"from {colours[layout.channels_in]} to {colours[layout.channels_out]}."
    )
    if layout.kind == "unet" and layout.dropout:
        words += (
            " Such a file does not tell whether it learnt with dropout, which makes no "
            "difference unless noise is asked for."
        )
    return words


def _title(layout: Layout) -> str:
    if layout.kind == "unet":
        return f"U-Net for {2**layout.depth} pixels"
    blocks = "1 block" if layout.depth == 1 else f"{layout.depth} blocks"
    return f"residual generator with {blocks}"


def essential(state: Mapping[str, T], layout: Layout) -> dict[str, T]:
    """The entries that matter in use, of those a file holds.

    Counters do not, nor do the averages that old versions of torch kept under instance
    norm: the published code drops them as well.
    """
    dropped = [".num_batches_tracked"]
    if layout.norm == "instance":
        dropped += [".running_mean", ".running_var"]
    return {n: v for n, v in state.items() if not n.endswith(tuple(dropped))}


def _unet(shapes: Shapes) -> Layout:
    levels, block = 1, "model.model.1.model"
    while f"{block}.1.weight" in shapes:
        levels, block = levels + 1, f"{block}.3.model"
    if not LEAST_LEVELS <= levels <= MOST_LEVELS:
        raise Unfit(
            f"is a U-Net of {levels} levels; between {LEAST_LEVELS} and {MOST_LEVELS} "
            "can be used"
        )
    width, channels_in = _sides(shapes, "model.model.0.weight")
    _, channels_out = _sides(shapes, "model.model.3.weight")
    second = "model.model.1.model"
    return Layout(
        kind="unet",
        depth=levels,
        width=width,
        norm=_norm(shapes, f"{second}.1", f"{second}.2"),
        dropout=levels > LEAST_LEVELS,  # as the published code trains
        channels_in=channels_in,
        channels_out=channels_out,
    )


def _resnet(shapes: Shapes) -> Layout:
    blocks = 0
    while f"model.{10 + blocks}.conv_block.1.weight" in shapes:
        blocks += 1
    width, channels_in = _sides(shapes, "model.1.weight")
    channels_out, _ = _sides(shapes, f"model.{17 + blocks}.weight")
    # Where dropout stands before it, the second convolution is one further on.
    seventh = shapes.get("model.10.conv_block.6.weight", ())
    return Layout(
        kind="resnet",
        depth=blocks,
        width=width,
        norm=_norm(shapes, "model.1", "model.2"),
        dropout=len(seventh) == 4,
        channels_in=channels_in,
        channels_out=channels_out,
    )


def _norm(shapes: Shapes, conv: str, norm: str) -> PublishedNorm:
    """Batch norm has a scale of its own; a bias stands where instance norm follows."""
    if f"{norm}.weight" in shapes:
        return "batch"
    return "instance" if f"{conv}.bias" in shapes else "none"


def _sides(shapes: Shapes, name: str) -> tuple[int, int]:
    """The first two sides of a kernel."""
    shape = shapes.get(name, ())
    if len(shape) != 4 or not all(shape):
        raise Unfit(f"is none of the published generators: '{name}' is no kernel")
    return shape[0], shape[1]


def _check_same(shapes: Shapes, layout: Layout) -> None:
    """Names and shapes, every one, or the first difference in words."""
    wanted = shapes_of(layout)
    found = essential(shapes, layout)
    for name in [*wanted, *found]:
        if found.get(name) != wanted.get(name):
            raise Unfit(
                f"begins like a {_title(layout)}, but '{name}' "
                f"{_difference(name, found, wanted)}"
            )


def _difference(name: str, found: Shapes, wanted: Shapes) -> str:
    if name not in found:
        return "is missing"
    if name not in wanted:
        return "does not belong there"
    sizes = ("×".join(map(str, shapes[name])) for shapes in (found, wanted))
    return "has {} numbers instead of {}".format(*sizes)
