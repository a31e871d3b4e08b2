"""Tests for engines.interop.published_write: what is written is read back alike."""

import pytest
import torch

from engines.errors import RunError
from engines.interop.published import open_published
from engines.interop.published_write import write_published
from tests.engines.interop import plain_published as plain
from tests.engines.interop.trained_like import (
    cyclegan,
    opened,
    pix2pix,
    without_biases,
)


def pictures(side=32):
    rng = torch.Generator().manual_seed(1)
    return torch.rand((2, 3, side, side), generator=rng) * 2 - 1


@pytest.mark.parametrize("average", [0.0, 0.9])
def test_both_generators_of_a_cyclegan_come_back(tmp_path, average):
    engine = cyclegan(ema_decay=average)
    files = write_published(engine, tmp_path / "new")
    assert [path.name for path in files] == [
        "latest_net_G_A.pth",
        "latest_net_G_B.pth",
    ]
    x = pictures()
    made = []
    for path, way in zip(files, ("AtoB", "BtoA"), strict=True):
        back = open_published(path, device="cpu")
        assert (back.layout.depth, back.layout.norm) == (2, "instance")
        made.append(back.translate(x))
        expected = engine.translate(x, way)
        torch.testing.assert_close(made[-1], expected, atol=1e-5, rtol=0)
        state = torch.load(path, weights_only=True)
        alone = plain.resnet(state, x, blocks=2, norm="instance", dropout=False)
        torch.testing.assert_close(alone, expected, atol=1e-4, rtol=0)
    assert (made[0] - made[1]).abs().mean() > 0.1


def test_a_unet_with_batch_norm_comes_back(tmp_path):
    engine = without_biases(pix2pix(norm="batch"))
    (path,) = write_published(engine, tmp_path)
    assert path.name == "latest_net_G.pth"
    x = pictures()
    expected = engine.translate(x)
    back = open_published(path, device="cpu")
    torch.testing.assert_close(back.translate(x), expected, atol=1e-5, rtol=0)
    state = torch.load(path, weights_only=True)
    alone = plain.unet(state, x, downs=5, norm="batch")
    torch.testing.assert_close(alone, expected, atol=1e-4, rtol=0)
    assert expected.std() > 0.1


def test_weights_kept_in_32_bits_are_written_in_32_bits(tmp_path):
    exact, rough = cyclegan(), cyclegan(precision="bf16")
    (path, _) = write_published(rough, tmp_path)
    back = open_published(path, device="cpu")
    x = pictures()
    torch.testing.assert_close(back.translate(x), exact.translate(x), atol=1e-5, rtol=0)


def test_a_file_holds_its_own_weights_only(tmp_path):
    engine = cyclegan()
    (path, _) = write_published(engine, tmp_path)
    numbers = sum(p.numel() for p in engine.networks["generator_ab"].parameters())
    assert 4 * numbers < path.stat().st_size < 4 * numbers + 20_000


def test_weights_of_others_are_written_as_they_were(tmp_path):
    state = plain.unet_state(downs=6, width=4, norm="instance", c_in=1)
    (path,) = write_published(opened(state), tmp_path)
    written = torch.load(path, weights_only=True)
    assert written.keys() == state.keys()
    assert all(torch.equal(written[name], state[name]) for name in state)


@pytest.mark.parametrize(
    ("build", "words"),
    [
        (lambda: pix2pix(norm="instance"), "scales and shifts"),
        (lambda: pix2pix(norm="batch"), "biases that this one has learnt"),
        (lambda: pix2pix(norm="batch", levels=4), "at least 5 levels, and this one 4"),
        (lambda: cyclegan(generator="unet"), "scales and shifts"),
    ],
)
def test_what_the_format_cannot_hold_is_refused(tmp_path, build, words):
    with pytest.raises(RunError, match=words) as refusal:
        write_published(build(), tmp_path / "new")
    assert str(refusal.value).endswith("Export it as ONNX instead.")
    assert not (tmp_path / "new").exists()


def test_no_weights_are_replaced(tmp_path):
    (tmp_path / "latest_net_G_B.pth").write_bytes(b"theirs")
    with pytest.raises(RunError, match=r"latest_net_G_B\.pth' is there already"):
        write_published(cyclegan(), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["latest_net_G_B.pth"]
    assert (tmp_path / "latest_net_G_B.pth").read_bytes() == b"theirs"
