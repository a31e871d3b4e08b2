"""What the audit finds, picture by picture."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engines.data.audit import audit
from engines.data.layouts import understand
from engines.data.likeness import nearly_same, sketch
from engines.errors import Cancelled

EMOJI = Path(__file__).parents[4] / "shared/data/emoji_pairs.zip"


def scene(seed: int, size: tuple[int, int] = (64, 48)) -> Image.Image:
    """Soft blobs of colour: no two seeds are alike."""
    coarse = np.random.default_rng(seed).integers(0, 256, (6, 8, 3), dtype=np.uint8)
    return Image.fromarray(coarse).resize(size, Image.Resampling.BICUBIC)


def save(path: Path, image: Image.Image, **options: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(path, **options)


@pytest.fixture
def singles(tmp_path, monkeypatch):
    """66 different pictures of one size, six held out; 60 are enough."""
    monkeypatch.setattr("engines.data.audit.LEAST_SINGLE", 59)
    folder = tmp_path / "set"
    for n in range(66):
        split = "train" if n < 60 else "test"
        save(folder / split / f"{n}.png", scene(n))
    return folder


def told(folder: Path, **how: object) -> list[tuple[str, str, str]]:
    problems = audit(understand(folder, **how))
    return [(p.kind, p.path.name if p.path else "", p.item) for p in problems]


def test_nothing_is_found_where_nothing_is_wrong(singles):
    assert told(singles) == []


def test_a_copy_across_the_split_is_found_smaller_and_saved_again(singles):
    save(singles / "train" / "copy.jpg", scene(62, (50, 40)), quality=80)
    problem = audit(understand(singles))[0]
    assert (problem.kind, problem.item) == ("alike", "train/copy")
    assert problem.path == singles / "train" / "copy.jpg"
    assert problem.words.startswith(
        "train/copy is nearly the same picture as test/62, which is held out"
    )
    left = understand(singles, left_out=[problem.item])
    assert "alike" not in {found.kind for found in audit(left)}


def test_a_pair_is_a_copy_only_where_both_sides_are(tmp_path):
    for n in range(60):
        split = "train" if n < 55 else "test"
        save(tmp_path / split / "A" / f"{n}.png", scene(n))
        save(tmp_path / split / "B" / f"{n}.png", scene(100 + n))
    save(tmp_path / "train/A/half.png", scene(57))
    save(tmp_path / "train/B/half.png", scene(999))
    assert told(tmp_path) == []
    save(tmp_path / "train/B/half.png", scene(157))
    assert told(tmp_path) == [("alike", "half.png", "train/half")]


def test_exact_copies_to_learn_from_are_counted(singles):
    for name in ("x", "y"):
        save(singles / "train" / f"{name}.png", scene(3))
    (problem,) = audit(understand(singles))
    assert (problem.kind, problem.item) == ("alike", "")
    assert problem.words.startswith(
        "2 pictures are to be learnt from twice: train/x is an exact copy of train/3"
    )


def test_a_small_picture_is_named(singles):
    save(singles / "train" / "icon.png", scene(500, (20, 16)))
    problems = audit(understand(singles))
    assert [(p.kind, p.item) for p in problems] == [
        ("small", "train/icon"),
        ("mixed", ""),
    ]
    assert (
        problems[0].words == "train/icon has only 20 × 16 pixels and will be blurred."
    )
    assert problems[1].words == (
        "The pictures have 2 sizes, from 20 × 16 to 64 × 48 pixels. All are brought to "
        "one."
    )


def test_where_all_are_small_one_sentence_says_so(tmp_path):
    for n in range(60):
        save(tmp_path / f"{n}.png", scene(n, (28, 28)))
    problem, few = audit(understand(tmp_path))
    assert few.kind == "few"
    assert (problem.kind, problem.path) == ("small", None)
    assert problem.words.startswith(
        "60 pictures are smaller than 32 pixels, most of them 28"
    )


def test_the_one_grey_picture_and_the_one_in_colour_are_named(singles):
    save(singles / "train" / "0.png", scene(0).convert("L"))
    (problem,) = audit(understand(singles))
    assert problem.words == "train/0 is grey, the others are in colour."
    assert problem.item == "train/0"
    for path in singles.rglob("*.png"):
        if path.stem != "7":
            Image.open(path).convert("L").save(path)
    (problem,) = audit(understand(singles))
    assert problem.words == "train/7 is in colour, the others are grey."


def test_transparent_parts_are_told_once(singles):
    for n in (4, 5):
        image = scene(n).convert("RGBA")
        image.putpixel((0, 0), (0, 0, 0, 0))
        save(singles / "train" / f"{n}.png", image)
    (problem,) = audit(understand(singles))
    assert problem.kind == "mixed"
    assert (
        problem.words == "2 pictures have transparent parts. They are shown on white."
    )


def test_what_is_left_out_anyway_comes_first_and_names_no_item(tmp_path):
    for n in range(60):
        for side, offset in (("A", 0), ("B", 100)):
            save(tmp_path / side / f"{n}.png", scene(offset + n))
    save(tmp_path / "B/3.png", scene(7, (64, 64)))
    whole = (tmp_path / "A/8.png").read_bytes()
    (tmp_path / "A/8.png").write_bytes(whole[:200])
    problems = audit(understand(tmp_path))
    assert [(p.kind, p.item) for p in problems] == [
        ("mismatch", ""),
        ("unreadable", ""),
    ]
    assert problems[0].words == (
        "3.png and its answer 3.png differ in shape: 64 × 48 and 64 × 64."
    )
    assert problems[1].words == f"{Path('A/8.png')} is cut off."


@pytest.mark.parametrize(
    ("folders", "use", "sentence"),
    [
        ({"A": 20, "B": 20}, "pairs", "Only 18 pairs are there to learn from"),
        ({"A": 20, "B": 70}, "styles", "Only 18 pictures in A to learn from"),
        ({".": 100}, "single", "Only 90 pictures are there to learn from"),
        ({"cat": 300, "dog": 10}, "single", "1 of 2 classes have fewer than 20"),
    ],
)
def test_too_few_are_told(tmp_path, folders, use, sentence):
    for place, (folder, count) in enumerate(folders.items()):
        for n in range(count):
            save(tmp_path / folder / f"{n}.png", scene(1000 * place + n))
    few = [p for p in audit(understand(tmp_path, use=use)) if p.kind == "few"]
    assert [p.words[: len(sentence)] for p in few] == [sentence]


def test_progress_counts_items_and_cancelling_ends_it(singles):
    found = understand(singles)
    seen = []
    audit(found, progress=lambda *now: seen.append(now))
    assert seen == [(n, 66) for n in range(1, 67)]
    with pytest.raises(Cancelled):
        audit(found, cancelled=lambda: len(seen) > 0)


# Likeness.


def sketches(*images: Image.Image) -> list[tuple[object]]:
    return [(sketch(np.asarray(image.convert("RGB"))),) for image in images]


def test_the_hash_says_where_brightness_rises():
    ramp = np.repeat(np.arange(72, dtype=np.uint8)[None] * 3, 64, axis=0)
    rising = np.repeat(ramp[..., None], 3, axis=2)
    assert sketch(rising).bits == 2**64 - 1
    assert sketch(rising[:, ::-1]).bits == 0
    lower = rising.copy()
    lower[32:] = rising[32:, ::-1]
    assert sketch(lower).bits == (2**32 - 1) << 32
    assert sketch(rising).is_grey


def test_another_size_and_a_little_light_is_the_same_picture():
    seen = sketches(*(scene(n) for n in range(20)))
    lighter = scene(4, (200, 150)).point(lambda value: min(255, value + 3))
    mirrored = scene(4).transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    assert list(nearly_same(sketches(lighter, mirrored), seen)) == [(0, 4)]


def test_another_colour_in_one_place_is_another_picture():
    plain = Image.new("RGB", (64, 64), "white")
    marked = plain.copy()
    marked.paste((255, 200, 160), (28, 28, 36, 36))
    darker = plain.copy()
    darker.paste((140, 80, 50), (28, 28, 36, 36))
    assert list(nearly_same(sketches(marked), sketches(darker, plain))) == []
    assert list(nearly_same(sketches(marked), sketches(darker, marked))) == [(0, 1)]
    assert list(nearly_same([], sketches(plain))) == []


@pytest.mark.skipif(not EMOJI.exists(), reason=f"needs {EMOJI.name}")
def test_the_emoji_archive_has_a_few_copies(tmp_path, monkeypatch):
    monkeypatch.setenv("STUDIO_CACHE", str(tmp_path))
    problems = audit(understand(EMOJI))
    across = [p.item for p in problems if p.kind == "alike" and p.item]
    # Looked at: couples and walkers that differ by no more than a few pixels.
    assert "1f46b" in across
    assert 5 <= len(across) <= 9
