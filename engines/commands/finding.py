"""The commands that find pictures in a latent space: encode and invert."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from engines.commands.exits import DONE, FAILED
from engines.commands.latent import Device, check_png, class_number
from engines.commands.watched import watched
from engines.configs import ConfigError
from engines.data.images import Rgb, decode
from engines.data.scan import find_pictures
from engines.errors import PictureError


def encode(
    run: Path,
    /,
    *pictures: Path,
    out: Path,
    step: int | None = None,
    device: Device = "auto",
) -> int:
    """Find the codes of pictures, and save them in a sheet of the pictures they make.

    Args:
        run: The run folder of a VAE.
        pictures: Picture files, and folders of them.
        out: The sheet, a PNG.
        step: The checkpoint; the newest where left out.
        device: Where to compute.
    """
    check_png(out)
    if not pictures:
        raise ConfigError("Name at least one picture or folder to encode.")
    from engines.latent.sheet import write_sheet
    from engines.latent.space import load_space

    space = load_space(run, step=step, device=device)
    none = np.empty((0, space.image_size, space.image_size, 3), np.uint8)
    space.encode(none)  # where it cannot, that is said before many files are read
    seen: list[Rgb] = []
    failures = 0
    for file in _files(pictures):
        try:
            seen.append(space.fitted(decode(file)))
        except PictureError as problem:
            failures += 1
            print(problem, file=sys.stderr)
    if not seen:
        return FAILED
    shown = np.stack(seen)
    codes, _ = space.encode(shown)
    missed = space.decode(codes).astype(np.float32) - space.as_learnt(shown)
    error = np.sqrt(np.square(missed / 255).mean())
    write_sheet(out, space, codes)
    print(f"The codes of {len(codes):,} pictures are in {out}.")
    print(f"Made again they are off by {100 * error:.1f} % (root mean square).")
    return FAILED if failures else DONE


def invert(
    run: Path,
    picture: Path,
    /,
    *,
    out: Path,
    steps: int = 200,
    restarts: int = 4,
    seed: int = 1,
    of: str | None = None,
    step: int | None = None,
    device: Device = "auto",
) -> int:
    """Search for the closest picture that a model can make, with its code inside.

    Args:
        run: The run folder of a VAE, a DCGAN or a WGAN.
        picture: The picture to come close to.
        out: The closest one, a sheet of one picture, a PNG.
        steps: More may come closer.
        restarts: How many searches at once, of which the best is kept.
        seed: Where they start.
        of: The class to search, by its name; every one where left out.
        step: The checkpoint; the newest where left out.
        device: Where to compute.
    """
    check_png(out)
    for name, value in (("steps", steps), ("restarts", restarts)):
        if value < 1:
            raise ConfigError(f"--{name} must be 1 or more; it is {value}.")
    wanted = decode(picture)
    from engines.latent.inversion import invert as inverted
    from engines.latent.sheet import write_sheet
    from engines.latent.space import load_space

    space = load_space(run, step=step, device=device)
    with watched("step") as work:
        found = inverted(
            space,
            wanted,
            steps=steps,
            restarts=restarts,
            label=class_number(space, of),
            seed=seed,
            progress=work.progress,
            cancelled=work.cancelled,
        )
        labels = None if found.label is None else np.array([found.label])
        write_sheet(out, space, found.code[None], labels)
        work.line.end()
        print(
            f"The closest picture that '{space.name}' can make is in {out}: off by "
            f"{100 * found.error:.1f} % (root mean square, {found.psnr:.1f} dB)."
        )
    return work.code


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from (found.path for found in find_pictures(path))
        else:
            yield path
