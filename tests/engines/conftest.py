"""Tiny picture folders, settings for runs that take a second, a server of files."""

import contextlib
import http.server
import threading

import numpy as np
import pytest
from PIL import Image

from engines.configs.pix2pix import Pix2PixConfig
from engines.samples.digits import write_digits
from engines.training.jobs import DataChoice, NewRun
from tests.engines.digit_runs import train


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """An empty cache for one test; where it will be."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("STUDIO_CACHE", str(folder))
    return folder


@pytest.fixture
def pair_folder(tmp_path):
    """Ten pairs of 40×36 pixels in subfolders A and B; B is the negative of A."""
    folder = tmp_path / "pairs"
    rng = np.random.default_rng(0)
    for side in "AB":
        (folder / side).mkdir(parents=True)
    for k in range(10):
        coarse = rng.integers(0, 256, (5, 5, 3), dtype=np.uint8)
        a = Image.fromarray(coarse).resize((40, 36), Image.Resampling.BILINEAR)
        a.save(folder / "A" / f"{k}.png")
        Image.fromarray(255 - np.asarray(a)).save(folder / "B" / f"{k}.png")
    return folder


@pytest.fixture
def tiny_config():
    """A network of a few thousand weights, for a handful of steps."""
    return Pix2PixConfig(
        image_size=32,
        steps=6,
        batch_size=3,
        generator_width=4,
        critic_width=4,
        device="cpu",
    )


@pytest.fixture
def new_run(pair_folder, tiny_config, tmp_path):
    """Make a `NewRun` on the ten pairs, with changed settings."""

    def make(name="run", **values):
        return NewRun(
            engine="pix2pix",
            config=tiny_config.changed(**values),
            data=DataChoice(folder=pair_folder),
            folder=tmp_path / "runs" / name,
            name="Negatives",
            threads=1,
        )

    return make


@pytest.fixture(scope="session")
def digits(tmp_path_factory):
    """A folder of 400 drawn digits, in a folder for each."""
    return write_digits(tmp_path_factory.mktemp("pictures") / "digits", count=400)


@pytest.fixture(scope="session")
def vae_run(digits, tmp_path_factory):
    """A VAE that has learnt a little, with 8 dimensions."""
    values = {"steps": 400, "batch_size": 32, "latent_dim": 8, "network": "mlp"}
    folder = tmp_path_factory.mktemp("runs") / "vae"
    return train(digits, folder, "vae", learning_rate=3e-3, **values)


@pytest.fixture(scope="session")
def gan_run(digits, tmp_path_factory):
    """A small conditional DCGAN after a few steps, with 6 dimensions and 10 classes."""
    values = {"steps": 20, "batch_size": 20, "latent_dim": 6, "use_labels": True}
    values |= {"generator_width": 8, "critic_width": 8}
    return train(digits, tmp_path_factory.mktemp("runs") / "gan", "dcgan", **values)


class FileServer:
    """Serves bytes by their path on this computer.

    Attributes:
        files: Path with "/" at its beginning -> what is sent.
        announced: Path -> a length to announce instead of the true one.
        asked: The paths that were asked for, in order.
    """

    def __init__(self):
        self.files, self.announced, self.asked = {}, {}, []
        server = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                server.asked.append(self.path)
                if self.path not in server.files:
                    self.send_error(404)
                    return
                content = server.files[self.path]
                self.send_response(200)
                length = server.announced.get(self.path, len(content))
                self.send_header("Content-Length", str(length))
                self.end_headers()
                with contextlib.suppress(ConnectionError):  # it has seen enough
                    self.wfile.write(content)

            def log_message(self, *_words):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    @property
    def address(self):
        return f"http://127.0.0.1:{self._server.server_port}/"

    def stop(self):
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()


@pytest.fixture
def file_server(monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    server = FileServer()
    yield server
    server.stop()
