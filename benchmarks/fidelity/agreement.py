"""The same picture everywhere: page, batch, command line, preview and ONNX.

Run by hand from the root of the repository, with run folders of models that translate:

    python -m benchmarks.fidelity.agreement RUN [RUN ...]

Takes up to 20 held-out inputs of each run, cut to squares of the size that it learnt
at, translates them in every way that the product has, and prints the largest difference
of two colours, of 255, between the page's result and each of the others. Of previews
there are as many as the run kept of its last step.
"""

import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import onnxruntime

from engines.batch import translate_batch
from engines.batch_plan import plan
from engines.data.images import Rgb, decode, resize, save_picture
from engines.data.sets import Source
from engines.interop.onnx_export import export_onnx
from engines.runs.folder import RunFolder
from engines.translation import load_model
from studio.inputs import held_out_inputs, read
from studio.translating import Translating, TranslationRequest

COUNT = 20
Results = dict[str, Rgb]


def inputs_of(run: RunFolder, folder: Path) -> list[Path]:
    """Held-out inputs as files, prepared as for training."""
    size, shape = run.info.config["image_size"], run.info.config["shape"]
    files = []
    for found in held_out_inputs(run.info, cancelled=lambda: False)[:COUNT]:
        files.append(folder / f"{Path(found.name).stem}.png")
        save_picture(files[-1], resize(read(found.source).rgb(), size, shape))
    return files


def of_page(run: Path, files: list[Path]) -> Results:
    translating = Translating()
    found = {}
    for file in files:
        request = TranslationRequest(model=run, source=Source(file), name=file.name)
        found[file.stem] = translating.translate(request).after
    return found


def of_batch(run: Path, files: list[Path], out: Path) -> Results:
    model = load_model(run)
    made = plan(files, out, model=model.name, step=model.step)
    written = [report.written for report in translate_batch(model, made)]
    return {path.stem: decode(path) for path in written if path}


def of_command_line(run: Path, files: list[Path], out: Path) -> Results:
    command = [sys.executable, "main.py", "translate", run, *files, "--out", out]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return {path.stem: decode(path) for path in out.iterdir()}


def of_preview(run: RunFolder) -> Results:
    newest = run.previews.steps()[-1]
    if newest != max(run.weight_steps()):
        return {}
    columns, names = run.previews.load_fixed()
    now = next(column.name for column in columns if column.pictures is None)
    pictures = run.previews.load(newest)[now]
    found: Results = {}
    for name, picture in zip(names, pictures, strict=True):
        found.setdefault(Path(name).stem, picture)  # of two styles, the first
    return found


def of_onnx(run: Path, files: list[Path], out: Path) -> Results:
    model = load_model(run, device="cpu")
    pictures = [decode(file) for file in files]
    done = export_onnx(model, "general", out / "model.onnx", pictures[:3])
    session = onnxruntime.InferenceSession(
        done.path.read_bytes(), providers=["CPUExecutionProvider"]
    )
    found = {}
    for file, picture in zip(files, pictures, strict=True):
        x = picture.transpose(2, 0, 1)[None].astype(np.float32) / 127.5 - 1
        (y,) = session.run(["output"], {"input": x})
        colours = np.rint((y[0].transpose(1, 2, 0) + 1) * 127.5).clip(0, 255)
        found[file.stem] = colours.astype(np.uint8)
    return found


def ways(
    run: RunFolder, files: list[Path], folder: Path
) -> Iterator[tuple[str, Results]]:
    for name in ("batch", "command line", "onnx"):
        (folder / name).mkdir()
    yield "batch", of_batch(run.folder, files, folder / "batch")
    yield "command line", of_command_line(run.folder, files, folder / "command line")
    yield "preview", of_preview(run)
    yield "ONNX", of_onnx(run.folder, files, folder / "onnx")


def largest(a: Mapping[str, Rgb], b: Mapping[str, Rgb]) -> tuple[int, int]:
    """How many pictures both have, and their largest difference, of 255."""
    both = a.keys() & b.keys()
    apart = [int(np.abs(a[n].astype(int) - b[n]).max()) for n in both]
    return len(both), max(apart, default=-1)


def main() -> None:
    print("| run | way | pictures | largest difference to the page, of 255 |")
    print("|---|---|---|---|")
    for path in map(Path, sys.argv[1:]):
        run = RunFolder.open(path)
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch) / "inputs"
            folder.mkdir()
            files = inputs_of(run, folder)
            page = of_page(path, files)
            for name, found in ways(run, files, Path(scratch)):
                count, apart = largest(page, found)
                print(f"| {run.info.name} | {name} | {count} | {apart} |")


if __name__ == "__main__":
    main()
