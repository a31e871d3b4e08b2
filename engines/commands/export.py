"""The command that hands a model on to other programs."""

from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from engines.commands.exits import DONE
from engines.configs import ConfigError
from engines.interop.destinations import DestinationName
from engines.training.jobs import Direction

if TYPE_CHECKING:
    from engines.model import Model

Aim: TypeAlias = DestinationName | Literal["published"]


def export(
    model: Path,
    /,
    *pictures: Path,
    to: Aim,
    out: Path,
    direction: Direction = "AtoB",
    step: int | None = None,
) -> int:
    """Write a model for another program, and prove that it makes the same pictures.

    Args:
        model: The run folder, or a weights file of the published CycleGAN and pix2pix
            code.
        pictures: Picture files to compare on; the run's own held-out ones where left
            out. Not for published.
        to: general (ONNX for Python, C++ and browsers), unity (ONNX of one size, for
            Unity and OpenCV), chainner (ONNX for chaiNNer), or published (weights for
            the published CycleGAN and pix2pix code).
        out: The new ONNX file, beside which a README.txt is written; for published the
            folder of the new weights.
        direction: Which way an ONNX file translates, with a model that learnt both.
        step: The checkpoint; the newest where left out.
    """
    if to != "published" and out.suffix != ".onnx":
        raise ConfigError(f"Give --out a name that ends in .onnx; it is '{out}'.")
    from engines.model import load_model

    loaded = load_model(model, step=step, device="cpu")
    if direction not in loaded.directions:
        raise ConfigError(f"{loaded.name} learnt one way only: leave out --direction.")
    if to == "published":
        from engines.interop.published_write import write_published

        for path in write_published(loaded.translator, out):
            print(f"Wrote {path}.")
    else:
        _export_onnx(loaded, to, out, pictures, direction)
    return DONE


def _export_onnx(
    model: "Model",
    to: DestinationName,
    out: Path,
    files: tuple[Path, ...],
    direction: Direction,
) -> None:
    from engines.data.images import decode
    from engines.interop.onnx_export import export_onnx, held_out_of

    if not files and model.step is None:
        raise ConfigError("Name a few pictures for it to be compared on.")
    pictures = [decode(file) for file in files] or held_out_of(model.path, direction)
    check = export_onnx(model, to, out, pictures, direction=direction)
    print(f"Wrote {check.path} ({check.size_bytes / 1e6:.1f} MB) and {check.readme}.")
    print(
        f"Read back: opset {check.opset}, pictures of the model to within "
        f"{check.largest_difference:.4f} of 255."
    )
