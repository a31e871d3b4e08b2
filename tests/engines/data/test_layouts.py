"""Folders as people have them, and what is said of each."""

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engines.data.layouts import Item, PictureSet, Source, understand
from engines.data.sets import choose_held_out
from engines.errors import Cancelled, DataError

EMOJI = Path(__file__).parents[4] / "shared/data/emoji_pairs.zip"


def paint(path: Path, *, size: tuple[int, int] = (8, 8), colour: str = "red") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, colour).save(path)
    return path


def paint_all(folder: Path, *names: str, size: tuple[int, int] = (8, 8)) -> None:
    for name in names:
        paint(folder / name, size=size)


def names(pairs: tuple[Item, ...]) -> list[str]:
    return [pair.name for pair in pairs]


def kinds(pair_set: PictureSet) -> list[tuple[str, str]]:
    return [(p.kind, p.path.name if p.path else "") for p in pair_set.problems]


# Layouts.


def test_two_folders_match_by_name_whatever_the_ending(tmp_path):
    paint_all(tmp_path, "A/1.png", "A/2.png", "B/1.jpg", "B/2.webp")
    found = understand(tmp_path)
    assert names(found.items) == ["1", "2"]
    assert (found.kind, found.layout) == ("pairs", "folders")
    assert (found.a_name, found.b_name) == ("A", "B")
    assert found.items[1].b == Source(tmp_path / "B/2.webp")
    assert found.words == "2 pairs found by name in A and B, 1 held out."
    assert found.problems == ()


@pytest.mark.parametrize(
    "pattern",
    ["{split}{side}/{n}.png", "{split}/{side}/{n}.png", "{side}/{split}/{n}.png"],
)
@pytest.mark.parametrize("second", ["test", "val"])
def test_splits_in_the_folders_are_kept(tmp_path, pattern, second):
    for side in "AB":
        for split, n in (("train", 1), ("train", 2), (second, 1)):
            paint(tmp_path / pattern.format(split=split, side=side, n=n))
    found = understand(tmp_path)
    assert names(found.training) == ["train/1", "train/2"]
    assert names(found.held_out) == [f"{second}/1"]
    assert (found.a_name, found.b_name) == ("A", "B")


def test_side_by_side_files_are_cut_in_the_middle(tmp_path):
    for n in range(2):
        file = np.zeros((8, 16, 3), np.uint8)
        file[:, :8], file[:, 8:] = 10, 20
        Image.fromarray(file).save(tmp_path / f"{n}.png")
    found = understand(tmp_path)
    first = found.items[0]
    a, b = found.read(first)
    assert (found.kind, found.layout) == ("pairs", "side_by_side")
    assert np.unique(a).tolist() == np.unique(first.a.read()).tolist() == [10]
    assert np.unique(b).tolist() == np.unique(first.b.read()).tolist() == [20]
    assert a.shape == b.shape == (8, 8, 3)
    assert "from left half to right half" in found.words


def test_side_by_side_splits_are_kept(tmp_path):
    paint_all(tmp_path, "train/1.jpg", "train/2.jpg", "test/1.jpg", size=(16, 8))
    found = understand(tmp_path)
    assert names(found.training) == ["train/1", "train/2"]
    assert names(found.held_out) == ["test/1"]


def test_one_odd_file_among_side_by_side_ones_is_left_out_once_decoded(tmp_path):
    paint_all(tmp_path, *(f"{n:02}.png" for n in range(19)), size=(16, 8))
    paint(tmp_path / "odd.png")
    found = understand(tmp_path)
    odd = next(item for item in found.items if item.name == "odd")
    problem = found.misfit(odd, found.read(odd))
    assert problem
    assert (problem.kind, problem.path) == ("not_a_pair", tmp_path / "odd.png")
    assert problem.words == (
        "odd.png does not hold two square pictures side by side: each half is 4 × 8."
    )
    assert found.misfit(found.items[0], found.read(found.items[0])) is None


def test_nested_folders_and_a_wrapper_as_zips_have_it(tmp_path):
    inner = tmp_path / "dataset-main/data"
    paint_all(inner, "in/x/1.png", "in/y/1.png", "out/x/1.png", "out/y/1.png")
    assert names(understand(tmp_path).items) == ["x/1", "y/1"]


def test_the_input_folder_comes_first(tmp_path):
    paint_all(tmp_path, "after/1.png", "after/2.png", "before/1.png", "before/2.png")
    found = understand(tmp_path)
    assert (found.a_name, found.b_name) == ("before", "after")


def test_of_several_folders_the_most_alike_are_taken_and_the_others_offered(tmp_path):
    for style in ("noto", "line_black", "line_colour", "twemoji"):
        paint_all(tmp_path, f"{style}/cat.png", f"{style}/dog.png")
    found = understand(tmp_path)
    assert (found.a_name, found.b_name) == ("line_black", "line_colour")
    assert found.choices == ("line_black", "line_colour", "noto", "twemoji")
    assert found.words.endswith("Also here: noto, twemoji.")

    chosen = understand(tmp_path, sides=("twemoji", "noto"))
    assert (chosen.a_name, chosen.b_name) == ("twemoji", "noto")


def test_b_to_a_swaps_the_sides_but_not_the_split(tmp_path):
    for n in range(30):
        paint_all(tmp_path, f"A/{n}.png", f"B/{n}.png")
    forth, back = understand(tmp_path), understand(tmp_path, direction="BtoA")
    assert (back.a_name, back.b_name) == ("B", "A")
    assert back.items[0].a == forth.items[0].b
    assert names(back.held_out) == names(forth.held_out)
    assert back.reversed() == forth


def test_hidden_and_system_files_are_passed_over(tmp_path):
    paint_all(tmp_path, "A/1.png", "A/2.png", "B/1.png", "B/2.png")
    paint_all(tmp_path, "A/._1.png", ".git/3.png", "__MACOSX/A/1.png")
    for name in ("README.md", "index.tsv", "A/Thumbs.db", "B/.DS_Store"):
        (tmp_path / name).write_text("x")
    found = understand(tmp_path)
    assert (len(found.items), found.problems) == (2, ())


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_linked_folders_are_followed_but_not_in_circles(tmp_path):
    paint_all(tmp_path / "else", "1.png", "2.png")
    paint_all(tmp_path / "set", "B/1.png", "B/2.png")
    (tmp_path / "set/A").symlink_to(tmp_path / "else")
    (tmp_path / "else/loop").symlink_to(tmp_path / "set")
    found = understand(tmp_path / "set")
    assert (names(found.items), found.problems) == (["1", "2"], ())


# Problems.


def test_what_does_not_fit_is_left_out_and_named(tmp_path):
    paint_all(tmp_path, *(f"{side}/{n}.png" for side in "AB" for n in range(3)))
    paint_all(tmp_path, "A/lonely.png", "B/alone.png", "A/0.jpg", "sheet.png")
    found = understand(tmp_path)
    assert names(found.items) == ["0", "1", "2"]
    assert sorted(kinds(found)) == [
        ("duplicate", "0.png"),
        ("not_a_pair", "sheet.png"),
        ("unmatched", "alone.png"),
        ("unmatched", "lonely.png"),
    ]
    words = " ".join(problem.words for problem in found.problems)
    assert "lonely.png has no picture of the same name in 'B'." in words
    assert "sheet.png lies beside the subfolders." in words


@pytest.mark.parametrize(("width", "fits"), [(102, True), (103, False)])
def test_two_percent_of_aspect_are_rounding(tmp_path, width, fits):
    paint_all(tmp_path, *(f"{side}/{n}.png" for side in "AB" for n in range(2)))
    paint(tmp_path / "A/x.png", size=(100, 100))
    paint(tmp_path / "B/x.png", size=(width, 100))
    found = understand(tmp_path)
    problem = found.misfit(found.items[2], found.read(found.items[2]))
    assert (problem is None) == fits
    if problem:
        assert problem.words == (
            "x.png and its answer x.png differ in shape: 100 × 100 and 103 × 100."
        )


def test_a_single_picture_fits_whatever_its_shape(tmp_path):
    paint_all(tmp_path, "1.png", "2.png", size=(30, 8))
    found = understand(tmp_path)
    assert found.misfit(found.items[0], found.read(found.items[0])) is None


# Held out.


def test_a_tenth_is_held_out_by_name_and_seed():
    everyone = [f"picture {n}" for n in range(1311)]
    held = choose_held_out(everyone, 0.1, seed=1)
    assert len(held) == 131
    assert held == choose_held_out(everyone[::-1], 0.1, seed=1)
    # By chance two tenths share a tenth: 13 of 131.
    assert 2 <= len(held & choose_held_out(everyone, 0.1, seed=2)) <= 30


def test_a_new_picture_moves_at_most_one_other():
    everyone = [f"picture {n}" for n in range(200)]
    held = choose_held_out(everyone, 0.1, seed=1)
    for n in range(50):
        more = choose_held_out([*everyone, f"new {n}"], 0.1, seed=1)
        assert len(held - more) <= 1


@pytest.mark.parametrize(
    ("count", "share", "held"), [(2, 0.01, 1), (2, 0.5, 1), (3, 1.0, 2), (26, 0.1, 2)]
)
def test_at_least_one_is_held_out_and_never_all(count, share, held):
    assert len(choose_held_out([str(n) for n in range(count)], share, 0)) == held


def test_every_class_has_some_held_out(tmp_path):
    paint_all(tmp_path, *(f"cats/c{n}.png" for n in range(40)))
    paint_all(tmp_path, *(f"dogs/d{n}.png" for n in range(10)), "one/only.png")
    found = understand(tmp_path)
    held = [found.groups[item.group] for item in found.held_out]
    assert (held.count("cats"), held.count("dogs"), held.count("one")) == (4, 1, 0)


def test_counterparts_in_two_styles_are_held_out_together(tmp_path):
    for n in range(30):
        paint_all(tmp_path, f"day/{n}.png", f"night/{n}.png")
    found = understand(tmp_path, use="styles")
    of_day, of_night = (
        [i.name.split("/")[1] for i in found.held_out if i.group == g] for g in (0, 1)
    )
    assert of_day == of_night == names(understand(tmp_path).held_out)
    assert len(of_day) == 3


def test_what_the_user_left_out_is_gone_and_remembered(tmp_path):
    paint_all(tmp_path, *(f"{n}.png" for n in range(10)))
    found = understand(tmp_path, left_out=("3", "nowhere", "7"))
    assert names(found.items) == ["0", "1", "2", "4", "5", "6", "8", "9"]
    assert found.left_out == ("3", "7")
    with pytest.raises(
        DataError, match=r"only one picture in .* without the 9 that you"
    ):
        understand(tmp_path, left_out=[str(n) for n in range(9)])


# Two styles, and pictures of one kind.


def test_two_folders_whose_names_differ_are_two_styles(tmp_path):
    paint_all(tmp_path, *(f"photo/p{n}.png" for n in range(30)))
    paint_all(tmp_path, *(f"cartoon/c{n}.png" for n in range(20)))
    found = understand(tmp_path)
    assert (found.use, found.kind, found.uses[0]) == ("styles", "styles", "styles")
    assert found.words == (
        "20 pictures in cartoon and 30 in photo, two styles, 5 held out. "
        "Their names do not match."
    )
    assert "pairs" not in found.uses
    assert not found.asks
    # First all of style A, then all of style B: the store takes them apart so.
    assert [item.group for item in found.items] == [0] * 20 + [1] * 30


def test_styles_may_be_tested_with_the_same_scenes(tmp_path):
    paint_all(tmp_path, *(f"trainA/day{n}.png" for n in range(3)))
    paint_all(tmp_path, *(f"trainB/night{n}.png" for n in range(4)))
    paint_all(tmp_path, *(f"test{side}/{n}.png" for side in "AB" for n in range(5)))
    found = understand(tmp_path)
    assert (found.use, found.groups) == ("styles", ("A", "B"))
    assert [len(found.training), len(found.held_out)] == [7, 10]
    assert names(found.held_out)[:5] == [f"test/A/{n}" for n in range(5)]


def test_matching_names_make_pairs_first_and_the_user_is_asked(tmp_path):
    paint_all(tmp_path, *(f"{side}/{n}.png" for side in "AB" for n in range(5)))
    found = understand(tmp_path)
    assert found.asks
    assert found.uses[:3] == ("pairs", "styles", "single")
    styles = understand(tmp_path, use="styles")
    assert not styles.asks
    assert "Their names match." in styles.words
    paint(tmp_path / "A/more.png")
    assert not understand(tmp_path).asks


def test_numbered_files_in_many_folders_are_classes(tmp_path):
    paint_all(tmp_path, *(f"{d}/{n:04}.png" for d in range(10) for n in range(10)))
    found = understand(tmp_path)
    assert (found.use, found.classes) == ("single", tuple("0123456789"))
    assert found.words == "100 pictures in 10 classes, 10 held out."
    assert [item.group for item in found.items] == [
        d for d in range(10) for _ in "0" * 10
    ]
    assert "pairs" in found.uses
    two = understand(tmp_path, use="styles", sides=("3", "8"))
    assert (two.groups, len(two.items)) == (("3", "8"), 20)
    assert two.choices == tuple("0123456789")


def test_a_flat_folder_is_pictures_of_one_kind(tmp_path):
    paint_all(tmp_path, *(f"{n:02}.png" for n in range(20)), "07.jpg")
    found = understand(tmp_path)
    assert (found.layout, found.use, found.classes) == ("flat", "single", ())
    assert found.words == "21 pictures, 2 held out."
    assert sorted(names(found.items)) == sorted(
        [*(f"{n:02}" for n in range(20)), "07.png"]
    )


def test_classes_of_a_train_and_a_test_folder(tmp_path):
    paint_all(tmp_path, "train/cat/1.png", "train/cat/2.png", "train/dog/3.png")
    paint_all(tmp_path, "test/cat/4.png", "test/dog/5.png", "train/eel/6.png")
    found = understand(tmp_path)
    assert found.groups == ("cat", "dog", "eel")
    assert names(found.held_out) == ["test/cat/4", "test/dog/5"]


def test_pairs_can_be_used_as_single_pictures(tmp_path):
    paint_all(tmp_path, *(f"{side}/{n}.png" for side in "AB" for n in range(5)))
    found = understand(tmp_path, use="single")
    assert (found.kind, len(found.items), found.classes) == ("single", 10, ("A", "B"))


def test_halves_of_files_can_be_used_as_single_pictures_and_styles(tmp_path):
    paint_all(tmp_path, *(f"{n}.png" for n in range(5)), size=(16, 8))
    for use in ("single", "styles"):
        found = understand(tmp_path, use=use)
        assert (found.kind, len(found.items)) == (use, 10)
        assert found.groups == ("left half", "right half")
        assert found.items[7].a == Source(tmp_path / "2.png", "right")
        assert found.read(found.items[7])[0].shape == (8, 8, 3)
    # Both halves of a file are held out, or neither.
    assert len({item.a.path for item in found.held_out}) == 1


@pytest.mark.parametrize(
    ("task", "sides"),
    [("colourise", ("grey", "colour")), ("fill", ("with holes", "whole"))],
)
def test_pairs_are_made_of_any_pictures(tmp_path, task, sides):
    paint_all(tmp_path, *(f"{c}/{c}{n}.png" for c in ("x", "y") for n in range(5)))
    found = understand(tmp_path, use=task)
    assert (found.kind, found.task, found.groups) == ("pairs", task, sides)
    assert all(item.b is None and item.group == 0 for item in found.items)
    assert found.words == (
        "10 pictures, 1 held out. Pairs are made of them, from "
        f"{sides[0]} to {sides[1]}."
    )
    assert understand(tmp_path, use=task, direction="BtoA") == found


# Fingerprint, progress, cancelling.


def test_the_fingerprint_changes_with_the_pictures(tmp_path):
    paint_all(tmp_path, "A/1.png", "A/2.png", "B/1.png", "B/2.png")
    found = understand(tmp_path)
    before = found.fingerprint()
    assert before == understand(tmp_path).fingerprint()
    assert before != found.reversed().fingerprint()
    os.utime(tmp_path / "A/1.png", ns=(0, 12345))
    assert found.fingerprint() != before
    (tmp_path / "A/1.png").unlink()
    with pytest.raises(DataError, match=r"'1\.png' is not in .* any more"):
        found.fingerprint()


def test_progress_counts_files_and_cancelling_ends_it(tmp_path):
    paint_all(tmp_path, "A/1.png", "A/2.png", "B/1.png", "B/2.png")
    seen: list[tuple[int, int]] = []
    understand(tmp_path, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(4, 4)]
    with pytest.raises(Cancelled):
        understand(tmp_path, cancelled=lambda: True)


# What is said where there are no pairs.


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ([], r"^'.*' is empty\. Choose"),
        (["only.png"], r"^There is only one picture in"),
        (["1.png", "2.png", "3.png"], r"^The 3 pictures in .* are not pairs\. Put the"),
        (["cats/a.png", "dogs/b.png"], r"in both 'cats' and 'dogs' \(for example 'a"),
        (["A/1.png", "B/1.png"], r"^There is only one pair in .* At least 2 pairs"),
    ],
)
def test_no_pairs(tmp_path, files, words):
    paint_all(tmp_path, *files)
    with pytest.raises(DataError, match=words):
        understand(tmp_path, use="pairs")


def test_no_folder_a_file_and_no_pictures(tmp_path):
    (tmp_path / "notes.txt").write_text("x")
    with pytest.raises(DataError, match=r"The only file in .* is not a picture"):
        understand(tmp_path)
    with pytest.raises(DataError, match=r"'notes\.txt' is a file, not a folder"):
        understand(tmp_path / "notes.txt")
    with pytest.raises(DataError, match=r"There is no folder '.*gone'"):
        understand(tmp_path / "gone")


def test_a_folder_of_broken_pictures_names_the_first(tmp_path):
    for n in range(3):
        (tmp_path / f"{n}.png").touch()
    with pytest.raises(DataError, match=r"can be read\. The first: 0\.png is empty"):
        understand(tmp_path)


def test_a_folder_that_may_not_be_listed(tmp_path, monkeypatch):
    def refuse(path: str) -> None:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(DataError, match="may not be read"):
        understand(tmp_path)


def test_chosen_folders_must_be_there_and_differ(tmp_path):
    paint_all(tmp_path, "A/1.png", "A/2.png", "B/3.png", "B/4.png")
    with pytest.raises(DataError, match=r"no subfolder 'C' .* of these: A, B"):
        understand(tmp_path, sides=("A", "C"))
    with pytest.raises(DataError, match="Both sides are 'A'"):
        understand(tmp_path, sides=("A", "A"))
    with pytest.raises(DataError, match=r"for example '1\.png' and '3\.png'"):
        understand(tmp_path, use="pairs", sides=("A", "B"))


@pytest.mark.skipif(not EMOJI.exists(), reason=f"needs {EMOJI.name}")
def test_the_emoji_archive(tmp_path):
    import zipfile

    with zipfile.ZipFile(EMOJI) as archive:
        members = [name for name in archive.namelist() if "openmoji" in name]
        archive.extractall(tmp_path, members)
    found = understand(tmp_path)
    assert found.words == (
        "1,311 pairs found by name in openmoji_black and openmoji_color, 131 held out."
    )
    assert found.problems == ()
