"""Tests for studio.exchange: with real files, written and opened again."""

import numpy as np
import pytest
import torch
from PIL import Image

from engines.configs.cyclegan import CycleGANConfig
from engines.data.picture_files import Picture
from engines.data.sets import Source
from engines.training.controls import Controls
from engines.training.jobs import DataChoice, NewRun
from engines.training.runner import run
from studio.background import Background
from studio.exchange import Exchange, ExportRequest, entry_of_file


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A run of two steps with a residual generator each way, and where it lies."""
    folder = tmp_path_factory.mktemp("exchange")
    rng = np.random.default_rng(0)
    for side in "AB":
        (folder / "styles" / side).mkdir(parents=True)
        for k in range(10):
            noise = rng.integers(0, 256, (32, 32, 3), dtype=np.uint8)
            Image.fromarray(noise).save(folder / "styles" / side / f"{side}{k}.png")
    config = CycleGANConfig(
        image_size=32,
        steps=2,
        generator_width=4,
        critic_width=4,
        residual_blocks=2,
        device="cpu",
    )
    job = NewRun(
        engine="cyclegan",
        config=config,
        data=DataChoice(folder=folder / "styles"),
        folder=folder / "run",
        name="Tiny",
        threads=1,
    )
    list(run(job, Controls()))
    return folder / "run"


@pytest.fixture
def exchange(qtbot):
    thread = Background()
    yield Exchange(thread)
    assert thread.shut_down()


def request_of(model, target, path, **changes):
    values = {
        "model": model,
        "step": None,
        "direction": "BtoA",
        "target": target,
        "path": path,
    }
    return ExportRequest(**{**values, **changes})


def test_an_exported_file_is_held_against_its_model(qtbot, exchange, trained, tmp_path):
    request = request_of(trained, "general", tmp_path / "tiny.onnx")
    with qtbot.waitSignal(exchange.exported, timeout=60_000) as blocker:
        exchange.export(request)
    done = blocker.args[0]
    assert [file.name for file in done.files] == ["tiny.onnx", "tiny.README.txt"]
    assert done.files[0].stat().st_size == done.size_bytes
    assert done.compared >= 1
    assert 0 <= done.largest_difference < 1
    assert done.opset == 17


def test_weights_of_others_are_compared_on_the_pictures_of_the_page(
    qtbot, exchange, trained, tmp_path
):
    from engines.interop.published_write import write_published
    from engines.translation import load_model

    model = load_model(trained, device="cpu")
    weights, _ = write_published(model.translator, tmp_path)
    noise = np.random.default_rng(1).integers(0, 256, (40, 24, 3), dtype=np.uint8)
    broken = Source(tmp_path / "gone.png")
    request = request_of(
        weights,
        "chainner",
        tmp_path / "u.onnx",
        direction="AtoB",
        pictures=(broken, Picture(pixels=noise)),
    )
    with qtbot.waitSignal(exchange.exported, timeout=60_000) as blocker:
        exchange.export(request)
    assert blocker.args[0].compared == 1
    bare = request_of(weights, "chainner", tmp_path / "none.onnx", direction="AtoB")
    with qtbot.waitSignal(exchange.failed, timeout=60_000) as blocker:
        exchange.export(bare)
    assert "Open a picture here first" in blocker.args[0]
    assert not (tmp_path / "none.onnx").exists()


def test_weights_go_out_and_come_in_again(qtbot, exchange, trained, tmp_path):
    request = request_of(trained, "published", tmp_path / "out")
    with qtbot.waitSignal(exchange.exported, timeout=60_000) as blocker:
        exchange.export(request)
    names = [file.name for file in blocker.args[0].files]
    assert names == ["latest_net_G_A.pth", "latest_net_G_B.pth"]
    with qtbot.waitSignal(exchange.opened, timeout=60_000) as blocker:
        exchange.open_weights(tmp_path / "out" / "latest_net_G_A.pth")
    entry = blocker.args[0]
    assert entry.name == "latest_net_G_A"
    assert "2 blocks" in entry.words
    assert entry.run is None
    assert entry.newest_step is None
    assert not entry.has_batch_norm


def test_what_is_no_generator_is_refused_in_words(qtbot, exchange, tmp_path):
    path = tmp_path / "notes.pth"
    torch.save({"weight": torch.zeros(3)}, path)
    with qtbot.waitSignal(exchange.refused) as blocker:
        exchange.open_weights(path)
    assert "notes.pth" in blocker.args[0]


def test_the_usual_name_says_nothing_so_the_folder_names_it(trained, tmp_path):
    from engines.interop.published_write import write_published
    from engines.translation import load_model

    model = load_model(trained, device="cpu")
    a, _ = write_published(model.translator, tmp_path / "horses")
    usual = a.with_name("latest_net_G.pth")
    a.rename(usual)
    assert entry_of_file(usual).name == "horses"
