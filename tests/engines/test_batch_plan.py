"""Tests for engines.batch_plan: every input has a place, and no original loses its."""

import os
from pathlib import Path

import pytest
from PIL import Image

from engines.batch_plan import NamePattern, free_path, plan
from engines.configs import ConfigError
from engines.errors import Cancelled, DataError


def write(path, colour="red"):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (4, 3), colour).save(path)
    return path


@pytest.fixture
def photos(tmp_path):
    """a.png, b.jpg and deep/er/a.png in "photos", and a text."""
    folder = tmp_path / "photos"
    for name in ("a.png", "b.jpg", "deep/er/a.png"):
        write(folder / name)
    (folder / "notes.txt").write_text("no picture")
    return folder


def places(made, out):
    """source name -> place below out."""
    return {str(j.source.name): j.target.relative_to(out).as_posix() for j in made.jobs}


# ----------------------------------------------------------------------------
# Names.


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("", "The name pattern is empty."),
        ("  ", "The name pattern is empty."),
        ("{nam}", r"can hold \{name\}, .*, not \{nam\}\."),
        ("{}", r"not \{\}\."),
        ("{name:>9}", r"not \{name:>9\}\."),
        ("{name!r}", r"not \{name!r\}\."),
        ("{name.parent}", r"not \{name.parent\}\."),
        ("{name", "A brace in the name pattern has no partner."),
        ("sub/{name}", "A file name cannot hold '/'."),
        ("..\\{name}", r"A file name cannot hold '\\\\'."),
        ("{name}?", "A file name cannot hold '\\?'."),
        ("{name}\n", r"A file name cannot hold '\\n'."),
        (".{name}", "begins with a dot"),
        ("CON", "Windows keeps the name 'CON' for itself."),
        ("lpt1.{ext}", "Windows keeps the name 'lpt1.' for itself."),
        ("x" * 101, "longer than 100 characters"),
    ],
)
def test_a_name_that_no_file_could_have_is_refused_in_words(pattern, words):
    with pytest.raises(ConfigError, match=words):
        NamePattern(pattern)


@pytest.mark.parametrize("pattern", ["{name}", "{number}", "é {{x}} {ext}", "x" * 100])
def test_a_name_that_a_file_can_have_is_taken(pattern):
    NamePattern(pattern)


def test_every_field_of_the_pattern_is_filled(photos, tmp_path):
    made = plan(
        [photos],
        tmp_path / "out",
        pattern="{number}-{name}-{ext} {model}@{step}",
        model="a/b: c",
        step=1200,
    )
    assert [job.target.name for job in made.jobs] == [
        "1-a-png a-b- c@1200.png",
        "2-b-jpg a-b- c@1200.jpg",
        "3-a-png a-b- c@1200.png",
    ]


def test_numbers_have_equal_width_so_that_they_sort(tmp_path):
    files = [write(tmp_path / f"{k}.png") for k in range(10)]
    made = plan(files, tmp_path / "out", pattern="{number}")
    assert [job.target.stem for job in made.jobs] == [f"{k:02d}" for k in range(1, 11)]


def test_a_step_that_is_not_known_is_asked_for_in_vain(photos, tmp_path):
    with pytest.raises(ConfigError, match="These weights tell no step"):
        plan([photos], tmp_path / "out", pattern="{name} {step}")


@pytest.mark.parametrize(
    ("format_", "names"),
    [("same", ["a.jpeg", "b.png", "c.tif"]), ("webp", ["a.webp", "b.webp", "c.webp"])],
)
def test_the_ending_is_the_inputs_or_the_one_chosen(tmp_path, format_, names):
    files = [write(tmp_path / name) for name in ("a.JPEG", "b.gif", "c.TIF")]
    made = plan(files, tmp_path / "out", format=format_)
    assert [job.target.name for job in made.jobs] == names


# ----------------------------------------------------------------------------
# Places.


def test_the_tree_of_a_folder_is_kept_and_files_go_to_the_top(photos, tmp_path):
    alone, out = write(tmp_path / "alone.png"), tmp_path / "out"
    made = plan([photos, alone], out)
    assert [j.target.relative_to(out).as_posix() for j in made.jobs] == [
        "a.png",
        "b.jpg",
        "deep/er/a.png",
        "alone.png",
    ]
    assert not out.exists()


def test_several_folders_get_a_folder_each(photos, tmp_path):
    write(tmp_path / "more" / "a.png")
    made = plan([photos, tmp_path / "more"], tmp_path / "out")
    found = [j.target.relative_to(tmp_path / "out").as_posix() for j in made.jobs]
    assert found == [
        "photos/a.png",
        "photos/b.jpg",
        "photos/deep/er/a.png",
        "more/a.png",
    ]


def test_a_picture_that_is_named_twice_is_translated_once(photos, tmp_path):
    inputs = [photos / "a.png", photos, photos / "deep" / ".." / "a.png"]
    made = plan(inputs, tmp_path / "out")
    assert [job.source.name for job in made.jobs] == ["a.png", "b.jpg", "a.png"]


def test_no_two_inputs_get_one_place_on_any_system(tmp_path):
    files = [
        write(tmp_path / "1" / "cat.png"),
        write(tmp_path / "2" / "cat.jpg"),
        write(tmp_path / "3" / "CAT.webp"),
        write(tmp_path / "4" / "cat-2.png"),
        write(tmp_path / "5" / "caf\u00e9.png"),
        write(tmp_path / "6" / "cafe\u0301.png"),
    ]
    made = plan(files, tmp_path / "out", format="png")
    assert [job.target.name for job in made.jobs] == [
        "cat.png",
        "cat-2.png",
        "CAT-3.png",
        "cat-2-2.png",
        "caf\u00e9.png",
        "cafe\u0301-2.png",
    ]


def test_one_name_for_all_is_numbered_without_taking_forever(tmp_path):
    files = [tmp_path / f"{k}.png" for k in range(20_000)]
    made = plan(files, tmp_path / "out", pattern="result")
    assert made.jobs[0].target.name == "result.png"
    assert made.jobs[-1].target.name == "result-20000.png"


def test_what_is_there_keeps_its_name(photos, tmp_path):
    out = tmp_path / "out"
    write(out / "a.png")
    write(out / "a-2.png")
    os.symlink(out / "nowhere", out / "b.jpg")
    made = plan([photos], out)
    assert [job.target.name for job in made.jobs] == ["a-3.png", "b-2.jpg", "a.png"]
    assert made.there == 0


def test_skipping_leaves_readable_results_and_nothing_else(photos, tmp_path):
    out = tmp_path / "out"
    write(out / "a.png")
    (out / "b.jpg").write_bytes(b"")
    made = plan([photos], out, existing="skip")
    assert [(j.target.name, j.is_there) for j in made.jobs] == [
        ("a.png", True),
        ("b-2.jpg", False),
        ("a.png", False),
    ]
    assert made.there == 1


def test_an_original_is_never_taken_for_its_result(photos, tmp_path):
    out = photos / "out"
    out.mkdir()
    os.link(photos / "a.png", out / "a.png")
    os.symlink(photos / "b.jpg", out / "b.jpg")
    made = plan([photos], out, existing="skip")
    assert [j.target.name for j in made.jobs] == ["a-2.png", "b-2.jpg", "a.png"]

    same = plan([photos / "a.png"], photos, existing="skip")
    assert [(j.target.name, j.is_there) for j in same.jobs] == [("a-2.png", False)]


def test_results_inside_the_folder_are_not_translated_again(photos):
    out = photos / "deep" / "results"
    write(out / "b.jpg")
    write(out / "er" / "c.jpg")
    for where in (out, photos / "deep" / ".." / "deep" / "results"):
        made = plan([photos], where)
        assert len(made.jobs) == 3


def test_results_are_known_through_a_link(photos, tmp_path):
    write(tmp_path / "results" / "old.png")
    os.symlink(tmp_path / "results", photos / "link")
    made = plan([photos], tmp_path / "results")
    assert sorted(j.source.name for j in made.jobs) == ["a.png", "a.png", "b.jpg"]


def test_a_folder_below_the_results_is_translated_all_the_same(photos, tmp_path):
    assert len(plan([photos], tmp_path).jobs) == 3


@pytest.mark.parametrize("link", [False, True])
def test_results_do_not_go_among_the_originals(photos, tmp_path, link):
    out = photos
    if link:
        out = tmp_path / "link"
        os.symlink(photos, out)
    with pytest.raises(ConfigError, match="cannot go into 'photos' itself"):
        plan([photos], out)


def test_of_several_folders_none_becomes_the_folder_of_its_results(photos, tmp_path):
    write(tmp_path / "more" / "a.png")
    with pytest.raises(ConfigError, match="cannot go into 'photos' itself"):
        plan([photos, tmp_path / "more"], tmp_path)


def test_a_folder_of_nothing_but_results_is_refused(tmp_path):
    write(tmp_path / "in" / "out" / "a.png")
    with pytest.raises(DataError, match="no picture in 'in' but the results in 'out'"):
        plan([tmp_path / "in"], tmp_path / "in" / "out")


def test_an_empty_folder_is_refused(tmp_path):
    with pytest.raises(DataError, match="is empty"):
        plan([tmp_path], tmp_path / "out")


def test_planning_can_be_given_up(photos, tmp_path):
    with pytest.raises(Cancelled):
        plan([photos], tmp_path / "out", cancelled=lambda: True)


def test_a_free_path_is_not_even_a_link(tmp_path):
    os.symlink(tmp_path / "nowhere", tmp_path / "a.png")
    assert free_path(tmp_path / "a.png") == tmp_path / "a-2.png"
    assert free_path(Path("there is none.png")) == Path("there is none.png")
