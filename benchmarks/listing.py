"""How long it takes to see what a large folder holds.

Run by hand from the root of the repository:

    python -m benchmarks.listing [files]

The files are copies of one tiny picture, in a temporary folder that is deleted again.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from engines.data.layouts import understand
from engines.data.sets import PictureSet

FILES = 100_000
ROUNDS = 5


def main() -> None:
    """Print one table."""
    files = int(sys.argv[1]) if len(sys.argv) > 1 else FILES
    print(f"{files:,} files, warm, {ROUNDS} rounds, seconds")
    columns = "fastest median processor"
    print(f"{'':18}{'listed':25}fingerprint\n{'':16}{columns}  {columns}")
    for title, folders in (
        ("one flat folder", [""]),
        ("10 classes", [f"class{n}/" for n in range(10)]),
        ("pairs by name", ["A/", "B/"]),
    ):
        with tempfile.TemporaryDirectory() as folder:
            _fill(Path(folder), folders, files)
            found = understand(Path(folder))
            listed = _timed(lambda: understand(Path(folder)))
            marked = _timed(found.fingerprint)
        print(f"{title:16}  {listed}    {marked}  {_told(found)}")


def _fill(root: Path, folders: list[str], files: int) -> None:
    first = root / "first"
    Image.new("RGB", (8, 8)).save(first, "png")
    data = first.read_bytes()
    first.unlink()
    # Pairs share their names, and classes do not.
    for place, folder in enumerate(folders):
        (root / folder).mkdir(exist_ok=True)
        mark = "" if folder in ("A/", "B/") else f"{place}-"
        for n in range(files // len(folders)):
            (root / f"{folder}{mark}{n:06}.png").write_bytes(data)


def _timed(work: Callable[[], object]) -> str:
    """Seconds that pass, and seconds of the processor: less on a busy machine."""
    passed, used = [], []
    for _ in range(ROUNDS):
        start, start_used = time.perf_counter(), time.process_time()
        work()
        passed.append(time.perf_counter() - start)
        used.append(time.process_time() - start_used)
    return f"{min(passed):5.2f} {statistics.median(passed):6.2f} {min(used):9.2f}"


def _told(found: PictureSet) -> str:
    return f"as {found.use}: {found.words}"


if __name__ == "__main__":
    main()
