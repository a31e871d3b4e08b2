"""What every sample set promises, whatever it shows."""

import hashlib
import json
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from engines.errors import Cancelled, DataError
from engines.samples.catalogue import SAMPLES

FEW = {"facades": 2, "landscapes": 2, "digits": 10, "leaves": 3}
OTHERS = [name for name in SAMPLES if name != "facades"]  # it has tests of its own


@pytest.fixture(params=OTHERS)
def entry(request):
    return SAMPLES[request.param]


@pytest.fixture
def write(entry, tmp_path):
    """Write a few pictures of the set."""

    def call(name="set", **values):
        values = {"count": FEW[entry.name], "size": 32} | values
        return entry.write(tmp_path / name, **values)

    return call


def digest(folder):
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).digest()
        for path in sorted(folder.rglob("*.*"))
    }


def test_the_catalogue_names_sets_by_their_names():
    assert list(SAMPLES) == list(FEW)
    for name, entry in SAMPLES.items():
        assert entry.name == name
        assert entry.words.endswith(".")
        assert entry.engines


def test_the_catalogue_is_there_before_any_drawing_code():
    code = (
        "import sys, engines.samples.catalogue, engines.data.wellknown_list\n"
        "print({'PIL', 'numpy', 'torch', 'torchvision'} & set(sys.modules))\n"
    )
    loaded = subprocess.check_output([sys.executable, "-c", code], text=True)
    assert loaded.strip() == "set()"


def test_what_the_catalogue_says_is_what_is_written_by_default(entry):
    defaults = entry.write.__kwdefaults__
    assert (defaults["count"], defaults["size"]) == (entry.count, entry.size)


def test_two_folders_of_one_recipe_are_equal_to_the_byte(write):
    one, two, other = digest(write("a")), digest(write("b")), digest(write("c", seed=1))
    assert one == two
    assert one.keys() == other.keys()
    assert not set(one.values()) & set(other.values())


def test_a_complete_folder_is_kept_and_one_that_lost_a_picture_is_not(write):
    folder = write()
    first = next(path for path in sorted(folder.rglob("*.png")))
    first.write_bytes(b"kept")
    assert write() == folder
    assert first.read_bytes() == b"kept"
    first.unlink()
    with pytest.raises(DataError, match="in 'set' are missing"):
        write()


def test_a_folder_of_another_set_is_refused(write):
    folder = write()
    recipe = json.loads((folder / "recipe.json").read_text())
    (folder / "recipe.json").write_text(json.dumps(recipe | {"name": "facades"}))
    with pytest.raises(DataError, match="'set' already exists and holds something"):
        write()


def test_facades_written_before_sets_had_names_are_known(tmp_path):
    write = SAMPLES["facades"].write
    folder = write(tmp_path / "set", count=2, size=32)
    recipe = json.loads((folder / "recipe.json").read_text())
    del recipe["name"]
    (folder / "recipe.json").write_text(json.dumps(recipe))
    assert write(folder, count=2, size=32) == folder


def test_cancelling_leaves_nothing_behind(write, tmp_path):
    done = []
    with pytest.raises(Cancelled):
        write(progress=lambda *n: done.append(n), cancelled=lambda: len(done) == 2)
    assert len(done) == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"count": 1}, "count must be .* got 1"),
        ({"count": 10_000}, "count must be .* got 10000"),
        ({"size": 15}, "size must be .* got 15"),
        ({"seed": -1}, "seed must be >= 0, got -1"),
    ],
)
def test_numbers_out_of_range_are_refused(write, wrong, words, tmp_path):
    with pytest.raises(ValueError, match=words):
        write(**wrong)
    assert list(tmp_path.iterdir()) == []


def test_every_picture_differs_and_has_the_asked_size(write, entry):
    pictures = set()
    for path in write().rglob("*.png"):
        with Image.open(path) as picture:
            assert picture.size == (32, 32)
            assert picture.mode == ("L" if entry.name == "digits" else "RGB")
            pictures.add(np.asarray(picture).tobytes())
    assert len(pictures) == {"landscapes": 8, "digits": 10, "leaves": 3}[entry.name]
