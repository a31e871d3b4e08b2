"""Tests for engines.interop.onnx_export: the file makes the model's pictures."""

import numpy as np
import onnx
import onnxruntime
import pytest
import torch

from engines.errors import RunError
from engines.interop import onnx_check, onnx_export
from engines.interop.onnx_export import export_onnx
from tests.engines.interop import plain_published as plain
from tests.engines.interop.trained_like import cyclegan, model, opened, pix2pix

DESTINATIONS = ("general", "unity", "chainner")


def resnet_of_others(**values):
    kind = {"blocks": 2, "norm": "instance", "dropout": True, **values}
    return opened(plain.resnet_state(width=4, **kind))


TRANSLATORS = {
    "U-Net, instance norm": lambda: pix2pix(),
    "U-Net, batch norm": lambda: pix2pix(norm="batch", ema_decay=0.9),
    "residual": lambda: cyclegan(),
    "U-Net of others": lambda: opened(
        plain.unet_state(downs=5, width=4, norm="batch", c_out=1)
    ),
    "residual of others": lambda: resnet_of_others(c_in=1),
    "without norm": lambda: resnet_of_others(norm="none"),
}


@pytest.fixture(scope="module")
def pictures():
    """Three of 40×30 pixels."""
    rng = np.random.default_rng(0)
    return list(rng.integers(0, 256, (3, 30, 40, 3), dtype=np.uint8))


def run(path, x):
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    return session.run(["output"], {"input": x})[0]


def noise(*shape):
    return np.random.default_rng(1).uniform(-1, 1, shape).astype(np.float32)


@pytest.mark.parametrize("kind", TRANSLATORS)
def test_a_general_file_takes_any_multiple_and_batch(tmp_path, pictures, kind):
    translator = TRANSLATORS[kind]()
    path = tmp_path / "net.onnx"
    check = export_onnx(model(translator, tmp_path), "general", path, pictures)
    assert 0 <= check.largest_difference < 0.01
    assert check.size_bytes == path.stat().st_size
    for batch, high, wide in ((1, 1, 1), (2, 3, 1), (1, 2, 5)):
        m = translator.multiple
        x = noise(batch, 3, m * high, m * wide)
        expected = translator.translate(torch.from_numpy(x)).numpy()
        assert expected.std() > 0.05
        np.testing.assert_allclose(run(path, x), expected, atol=1e-4)


@pytest.mark.parametrize("kind", TRANSLATORS)
def test_a_file_for_unity_has_one_size(tmp_path, pictures, kind):
    translator = TRANSLATORS[kind]()
    path = tmp_path / "net.onnx"
    check = export_onnx(model(translator, tmp_path), "unity", path, pictures)
    file = onnx.load(path)
    sides = [d.dim_value for d in file.graph.input[0].type.tensor_type.shape.dim]
    assert sides == [1, 3, 32, 32]
    assert check.opset == file.opset_import[0].version == 15
    used = {node.op_type for node in file.graph.node}
    # All of them float, in Sentis' table of operators and in OpenCV's importer.
    assert used <= {
        *("Conv", "ConvTranspose", "InstanceNormalization", "BatchNormalization"),
        *("Relu", "LeakyRelu", "Tanh", "Pad", "Concat", "Add", "Identity"),
    }
    x = noise(1, 3, 32, 32)
    expected = translator.translate(torch.from_numpy(x)).numpy()
    np.testing.assert_allclose(run(path, x), expected, atol=1e-4)


# A flat picture under instance norm is nothing but rounding: "residual" is left out.
@pytest.mark.parametrize("kind", ["U-Net, instance norm", "without norm"])
@pytest.mark.parametrize("size", [(1, 1), (2, 70), (32, 32), (33, 31), (5, 129)])
def test_a_file_for_chainner_takes_any_size_from_0_to_1(tmp_path, pictures, kind, size):
    translator = TRANSLATORS[kind]()
    path = tmp_path / "net.onnx"
    export_onnx(model(translator, tmp_path), "chainner", path, pictures)
    height, width = size
    x = (noise(1, 3, height, width) + 1) / 2
    # The same by numpy: mirrored at the edges, half at each end, and cut back.
    m = translator.multiple
    high, wide = -height % m, -width % m
    frame = ((0, 0), (0, 0), (high // 2, -(-high // 2)), (wide // 2, -(-wide // 2)))
    seen = np.pad(2 * x - 1, frame, mode="reflect").astype(np.float32)
    y = translator.translate(torch.from_numpy(seen)).numpy()
    y = y[:, :, high // 2 : high // 2 + height, wide // 2 : wide // 2 + width]
    np.testing.assert_allclose(run(path, x), (y + 1) / 2, atol=1e-4)


def test_each_direction_has_a_file_of_its_own(tmp_path, pictures):
    engine = cyclegan()
    made = {}
    x = noise(1, 3, 32, 32)
    for way in ("AtoB", "BtoA"):
        path = tmp_path / f"{way}.onnx"
        export_onnx(model(engine, tmp_path), "general", path, pictures, direction=way)
        made[way] = run(path, x)
        expected = engine.translate(torch.from_numpy(x), way).numpy()
        np.testing.assert_allclose(made[way], expected, atol=1e-4)
    assert np.abs(made["AtoB"] - made["BtoA"]).mean() > 0.1


def test_an_engine_that_computes_in_16_bits_is_exported_in_32(tmp_path, pictures):
    path = tmp_path / "net.onnx"
    export_onnx(model(pix2pix(precision="bf16"), tmp_path), "general", path, pictures)
    x = noise(1, 3, 32, 32)
    exact = pix2pix().translate(torch.from_numpy(x)).numpy()
    np.testing.assert_allclose(run(path, x), exact, atol=1e-4)


@pytest.mark.parametrize(
    ("destination", "opset", "texts"),
    [
        ("general", 17, {"range": "-1 to 1", "multiple": "32"}),
        ("unity", 15, {"range": "-1 to 1", "multiple": "32"}),
        ("chainner", 15, {"range": "0 to 1", "multiple": "1"}),
    ],
)
def test_the_file_says_what_it_is(tmp_path, pictures, destination, opset, texts):
    path = tmp_path / "net.onnx"
    check = export_onnx(model(pix2pix(), tmp_path), destination, path, pictures)
    file = onnx.load(path)
    assert check.opset == file.opset_import[0].version == opset
    assert file.ir_version == 8
    found = {prop.key: prop.value for prop in file.metadata_props}
    assert found == {
        "name": "Leaves",
        "step": "7",
        "direction": "AtoB",
        "destination": destination,
        "channels": "RGB",
        "layout": "NCHW",
        "image_size": "32",
        **texts,
    }
    assert not any(tensor.external_data for tensor in file.graph.initializer)
    words = check.readme.read_text()
    assert check.readme.name == "net.README.txt"
    assert "Leaves, step 7" in words
    assert f"opset {opset}" in words
    assert f"from {texts['range'].split()[0]} (dark) to 1 (light)" in words
    assert "on 3 pictures" in words
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "net.README.txt",
        "net.onnx",
    ]


@pytest.mark.parametrize(
    ("destination", "words"),
    [
        ("general", "both multiples of 32"),
        ("unity", "1 x 3 x 32 x 32"),
        ("chainner", "any size"),
    ],
)
def test_the_text_beside_it_gives_the_sizes(tmp_path, pictures, destination, words):
    path = tmp_path / "net.onnx"
    check = export_onnx(model(pix2pix(), tmp_path), destination, path, pictures)
    assert words in check.readme.read_text()


# ----------------------------------------------------------------------------
# What goes wrong.


def test_a_file_that_makes_other_pictures_is_not_kept(tmp_path, pictures, monkeypatch):
    path = tmp_path / "net.onnx"
    path.write_bytes(b"before")
    translated = onnx_check._translated

    def off_by_three(*given):
        return translated(*given) + np.float32(3 / 127.5)

    monkeypatch.setattr(onnx_check, "_translated", off_by_three)
    with pytest.raises(RunError, match=r"by up to 3\.0 of 255, and was not kept"):
        export_onnx(model(pix2pix(), tmp_path), "general", path, pictures)
    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]


def test_pictures_that_are_no_numbers_are_not_kept(tmp_path, pictures):
    engine = pix2pix()
    weights = {name: value.clone() for name, value in engine.weights().items()}
    weights["generator.encoder.0.0.bias"][0] = float("nan")
    engine.load_weights(weights)
    with pytest.raises(RunError, match="by up to nan of 255"):
        export_onnx(model(engine, tmp_path), "general", tmp_path / "net.onnx", pictures)
    assert not list(tmp_path.iterdir())


def test_what_is_missing_can_be_installed(tmp_path, pictures, monkeypatch):
    monkeypatch.setattr(onnx_export, "find_spec", lambda name: name == "onnx" or None)
    with pytest.raises(RunError) as refusal:
        export_onnx(
            model(pix2pix(), tmp_path), "general", tmp_path / "net.onnx", pictures
        )
    assert 'pip install "image-translation-studio[export]"' in str(refusal.value)


def test_a_network_too_large_for_one_file_is_refused(tmp_path, pictures, monkeypatch):
    monkeypatch.setattr(onnx_export, "_MAX_BYTES", 1000)
    with pytest.raises(RunError, match="larger than the 2 GB"):
        export_onnx(
            model(pix2pix(), tmp_path), "general", tmp_path / "net.onnx", pictures
        )


def test_a_folder_that_cannot_be_written_is_said(tmp_path, pictures):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(RunError, match=r"net\.onnx' cannot be written"):
        export_onnx(
            model(pix2pix(), tmp_path),
            "general",
            tmp_path / "file" / "net.onnx",
            pictures,
        )
