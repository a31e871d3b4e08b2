"""Tests for the command that exports: what is typed, told and left behind."""

from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from PIL import Image

from engines.cli import main
from engines.interop.published import open_published
from engines.model import load_model
from engines.pixels import as_pixels
from engines.runs.folder import RunFolder
from engines.training.controls import Controls
from engines.training.runner import run
from engines.translation import translate_pixels
from tests.engines.interop import plain_published as plain


@pytest.fixture
def trained(new_run, tmp_path, monkeypatch):
    """A run of six steps, watched as it learnt; it is where we work."""
    job = new_run(dropout=0)
    list(run(job, Controls()))
    monkeypatch.chdir(tmp_path)
    return str(job.folder)


@pytest.fixture
def weights(tmp_path, monkeypatch):
    """A file of the published code."""
    state = plain.resnet_state(blocks=1, width=4, norm="instance", dropout=False)
    torch.save(state, tmp_path / "latest_net_G.pth")
    monkeypatch.chdir(tmp_path)
    return "latest_net_G.pth"


def picture(side=32, name="a.png"):
    pixels = np.random.default_rng(0).integers(0, 256, (side, side, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(name)
    return pixels


def test_a_run_is_compared_on_its_own_held_out_pictures(trained, capsys):
    assert main(["export", trained, "--to", "general", "--out", "net.onnx"]) == 0
    told = capsys.readouterr().out
    assert "Wrote net.onnx" in told
    assert "Read back: opset 17" in told
    assert "held out" not in told
    columns, _ = RunFolder.open(Path(trained)).previews.load_fixed()
    compared = min(3, len(columns[0].pictures))
    assert f"on {compared} pictures" in Path("net.README.txt").read_text()


def test_the_file_makes_what_translate_makes(trained):
    main(["export", trained, "--to", "chainner", "--out", "net.onnx"])
    pixels = picture()
    session = onnxruntime.InferenceSession(
        "net.onnx", providers=["CPUExecutionProvider"]
    )
    x = (pixels / np.float32(255)).transpose(2, 0, 1)[None]
    (y,) = session.run(["output"], {"input": x})
    made = as_pixels(2 * y[0].transpose(1, 2, 0) - 1, np.dtype(np.uint8))
    model = load_model(Path(trained), device="cpu")
    expected = translate_pixels(model, pixels)
    assert np.abs(made.astype(int) - expected).max() <= 1  # rounded both


def test_weights_of_others_are_compared_on_pictures_that_are_named(weights, capsys):
    picture()
    asked = ["--to", "unity", "--out", "net.onnx"]
    assert main(["export", weights, *asked]) == 2
    assert "Name a few pictures" in capsys.readouterr().err
    assert not Path("net.onnx").exists()
    assert main(["export", weights, "a.png", *asked]) == 0
    assert "Read back: opset 15" in capsys.readouterr().out


def test_weights_are_written_in_the_published_format(weights, capsys):
    assert main(["export", weights, "--to", "published", "--out", "new"]) == 0
    path = Path("new", "latest_net_G.pth")
    assert str(path) in capsys.readouterr().out
    x = torch.rand(1, 3, 32, 32) * 2 - 1
    made = open_published(path, device="cpu").translate(x)
    expected = open_published(Path(weights), device="cpu").translate(x)
    torch.testing.assert_close(made, expected, atol=1e-6, rtol=0)


@pytest.mark.parametrize(
    ("typed", "code", "words"),
    [
        (["--to", "general", "--out", "net"], 2, "ends in .onnx; it is 'net'"),
        (
            ["--to", "general", "--out", "n.onnx", "--direction", "BtoA"],
            2,
            "learnt one way only",
        ),
        (["--to", "published", "--out", "new"], 1, "no place for the scales"),
        (["--to", "general", "--out", "a/b.onnx"], 1, "cannot be written"),
    ],
)
def test_what_cannot_be_is_said(trained, capsys, typed, code, words):
    assert main(["export", trained, *typed]) == code
    assert words in capsys.readouterr().err
