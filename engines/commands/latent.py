"""The commands that make pictures of codes: sample and walk."""

from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from engines.commands.watched import watched
from engines.configs import ConfigError

if TYPE_CHECKING:
    from engines.latent.mixing import Codes
    from engines.latent.space import Labels, Space

Device: TypeAlias = Literal["auto", "cpu", "cuda", "mps"]

_ABOUT = 256  # pixels: smaller frames are enlarged to about this


def sample(
    run: Path,
    /,
    *,
    out: Path,
    grid: int = 8,
    seed: int = 1,
    truncation: float = 1.0,
    of: str | None = None,
    step: int | None = None,
    device: Device = "auto",
) -> int:
    """Make new pictures, as a sheet with their codes inside.

    Args:
        run: The run folder of a VAE, a DCGAN or a WGAN.
        out: The sheet, a PNG.
        grid: Pictures side by side, and one below the other; where classes were
            learnt there is a row for each instead, with the same chance.
        seed: Another one makes other pictures.
        truncation: Less than 1 makes safer pictures, more alike; more than 1 more
            adventurous ones.
        of: The class to make alone, by its name.
        step: The checkpoint; the newest where left out.
        device: Where to compute.
    """
    check_png(out)
    if not 1 <= grid <= 1000:
        raise ConfigError(f"--grid must be from 1 to 1000; it is {grid}.")
    if truncation < 0:
        raise ConfigError(f"--truncation must be 0 or more; it is {truncation:g}.")
    from engines.latent.sheet import write_sheet
    from engines.latent.space import load_space

    space = load_space(run, step=step, device=device)
    kind = class_number(space, of)
    labels: Labels | None = None
    if space.classes and kind is None:
        count = len(space.classes)
        codes = np.tile(space.draw(grid, seed, truncation), (count, 1))
        labels = np.repeat(np.arange(count), grid)
    else:
        codes = space.draw(grid**2, seed, truncation)
        labels = None if kind is None else np.full(len(codes), kind)
    with watched("picture") as work:
        write_sheet(
            out,
            space,
            codes,
            labels,
            columns=grid,
            progress=work.progress,
            cancelled=work.cancelled,
        )
        work.line.end()
        print(f"{space.name}, step {space.step:,}: {len(codes):,} pictures in {out}.")
    return work.code


def walk(
    run: Path,
    /,
    *,
    out: Path,
    codes: str | None = None,
    seed: int = 1,
    pins: int = 4,
    frames: int = 60,
    way: Literal["linear", "spherical"] = "spherical",
    ping_pong: bool = False,
    easing: Literal["none", "smooth"] = "none",
    frames_per_s: float = 20.0,
    zoom: int | None = None,
    truncation: float = 1.0,
    of: str | None = None,
    step: int | None = None,
    device: Device = "auto",
) -> int:
    """Walk through pictures, as a film.

    Args:
        run: The run folder of a VAE, a DCGAN or a WGAN.
        out: .gif or .webp for a film, .png for its frames side by side, a name without
            an ending for a new folder of frames.
        codes: A sheet to take the pictures from; behind a # which ones, counted from
            1 row by row: sheet.png#3,1,7. All of them where left out.
        seed: Draws the pictures where no sheet is given.
        pins: How many are drawn.
        frames: From the first picture to the last.
        way: spherical keeps to where pictures are usual.
        ping_pong: Walk back as well.
        easing: smooth slows down at every picture.
        frames_per_s: How fast the film is shown, at most 50.
        zoom: How often each pixel is repeated; up to about 256 pixels where left out.
        truncation: As for sample, where no sheet is given.
        of: The class to walk in, by its name; where left out that of each picture of
            the sheet, or the first.
        step: The checkpoint; the newest where left out.
        device: Where to compute.
    """
    _check_film(pins, frames_per_s, zoom)
    from engines.latent.film import write_film
    from engines.latent.interpolation import walk as walked
    from engines.latent.space import load_space

    space = load_space(run, step=step, device=device)
    kind = class_number(space, of)
    if codes is None:
        stops, labels = space.draw(pins, seed, truncation), None
    else:
        stops, labels = _from_sheet(codes, space)
    if space.classes and (labels is None or kind is not None):
        labels = np.full(len(stops), kind or 0)
    path = walked(stops, frames, way, ping_pong=ping_pong, easing=easing)
    if labels is not None:  # of the picture that is nearest on the way
        places = np.arange(len(stops), dtype=np.float32)[:, None]
        passed = walked(places, frames, ping_pong=ping_pong, easing=easing)
        labels = labels[np.rint(passed[:, 0]).astype(int)]
    with watched("frame") as work:
        write_film(
            out,
            (frame for piece in space.pieces(path, labels) for frame in piece),
            len(path),
            frames_per_s=frames_per_s,
            zoom=zoom or max(1, round(_ABOUT / space.image_size)),
            progress=work.progress,
            cancelled=work.cancelled,
        )
        work.line.end()
        print(f"{space.name}, step {space.step:,}: {len(path):,} frames in {out}.")
    return work.code


# ----------------------------------------------------------------------------
# What was typed.


def check_png(out: Path) -> None:
    """Refuse to write a sheet to another kind of file."""
    if out.suffix.lower() != ".png":
        raise ConfigError(f"Give --out a name that ends in .png; it is '{out}'.")


def _check_film(pins: int, speed: float, zoom: int | None) -> None:
    """Refuse what no film can be made of, before torch is loaded."""
    if pins < 2:
        raise ConfigError(f"--pins must be 2 or more; it is {pins}.")
    if not 0 < speed <= 50:
        raise ConfigError(f"--frames-per-s must be up to 50; it is {speed:g}.")
    if zoom is not None and zoom < 1:
        raise ConfigError(f"--zoom must be 1 or more; it is {zoom}.")


def class_number(space: "Space", name: str | None) -> int | None:
    """The number of the class that is called *name*."""
    if name is None:
        return None
    if not space.classes:
        raise ConfigError(f"'{space.name}' learnt no classes. Leave --of out.")
    if name not in space.classes:
        known = ", ".join(space.classes)
        raise ConfigError(f"'{space.name}' learnt no '{name}', but: {known}.")
    return space.classes.index(name)


def _from_sheet(typed: str, space: "Space") -> "tuple[Codes, Labels | None]":
    """The codes of "sheet.png", or those of "sheet.png#3,1", counted from 1."""
    from engines.latent.sheet import read_codes

    name, _, numbers = typed.rpartition("#") if "#" in typed else (typed, "", "")
    saved = read_codes(Path(name))
    saved.check(space)
    count = len(saved.codes)
    try:
        rows = [int(number) - 1 for number in numbers.split(",")] if numbers else None
    except ValueError:
        raise ConfigError(f"Name pictures by numbers, as in {name}#3,1,7.") from None
    if rows is None:
        rows = list(range(count))
    if outside := [row + 1 for row in rows if not 0 <= row < count]:
        raise ConfigError(
            f"There is no picture {outside[0]} in {name}: it has {count}."
        )
    return saved.codes[rows], None if saved.labels is None else saved.labels[rows]
