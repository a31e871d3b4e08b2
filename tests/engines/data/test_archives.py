"""Zip archives instead of folders, honest ones and others."""

import os
import stat
import struct
import time
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from engines.data import archives
from engines.data.archives import is_archive, unpacked
from engines.data.cache import prune
from engines.data.layouts import understand
from engines.errors import Cancelled, DataError

pytestmark = pytest.mark.usefixtures("cache")


@pytest.fixture
def png(tmp_path):
    path = tmp_path / "made.png"
    Image.new("RGB", (40, 40), "teal").save(path)
    return path.read_bytes()


def pack(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def files_in(folder: Path) -> list[str]:
    found = [path for path in folder.rglob("*") if path.is_file()]
    return sorted(path.relative_to(folder).as_posix() for path in found)


def test_an_archive_works_as_its_folder_does(tmp_path, png):
    members = {f"set/{side}/{n}.png": png for side in "AB" for n in range(5)}
    found = understand(pack(tmp_path / "Pairs.zip", members))
    assert (found.name, found.folder) == ("Pairs", tmp_path / "Pairs.zip")
    assert found.words == "5 pairs found by name in A and B, 1 held out."
    assert found.read(found.items[0])[0].shape == (40, 40, 3)


def test_it_is_unpacked_once_until_it_changes(tmp_path, png, cache):
    archive = pack(tmp_path / "set.zip", {"1.png": png, "2.png": png})
    seen = []
    folder = unpacked(archive, progress=lambda *now: seen.append(now))
    assert seen == [(1, 2), (2, 2)]
    assert unpacked(archive, progress=lambda *now: pytest.fail("again")) == folder
    before = understand(archive).fingerprint()
    os.utime(archive, ns=(0, 1))
    assert unpacked(archive) != folder
    assert understand(archive).fingerprint() == before  # the same pictures


def test_only_pictures_are_unpacked(tmp_path, png):
    members = {"a/1.png": png, "run.exe": b"MZ", "a/._1.png": b"", ".git/2.png": png}
    members |= {"__MACOSX/a/3.png": png, "classes.txt": b"x", "notes.txt": b"y"}
    assert files_in(unpacked(pack(tmp_path / "set.zip", members))) == [
        "a/1.png",
        "classes.txt",
    ]


def test_cancelling_leaves_nothing_behind(tmp_path, png, cache):
    archive = pack(tmp_path / "set.zip", {f"{n}.png": png for n in range(9)})
    asked = []

    def after_three() -> bool:
        asked.append(True)
        return len(asked) > 3

    with pytest.raises(Cancelled):
        unpacked(archive, cancelled=after_three)
    assert files_in(cache) == []
    assert len(files_in(unpacked(archive))) == 9


def test_names_with_backslashes_are_folders(tmp_path, png):
    archive = tmp_path / "set.zip"
    with zipfile.ZipFile(archive, "w") as opened:
        info = zipfile.ZipInfo("x")
        info.filename = "cats\\1.png"
        opened.writestr(info, png)
    assert files_in(unpacked(archive)) == ["cats/1.png"]


def test_names_that_differ_by_case_alone_are_one_file(tmp_path, png):
    archive = pack(tmp_path / "set.zip", {"a.png": png, "A.PNG": png, "b.png": png})
    assert files_in(unpacked(archive)) == ["a.png", "b.png"]


@pytest.mark.parametrize(
    "name", ["../evil.png", "/evil.png", "a/../../evil.png", "C:/e.png"]
)
def test_names_outside_of_the_folder_are_refused(tmp_path, png, cache, name):
    archive = pack(tmp_path / "set.zip", {"1.png": png, name: png})
    with pytest.raises(
        DataError, match=r"'set\.zip' would write outside of its folder"
    ):
        unpacked(archive)
    assert files_in(cache) == []
    assert not list(tmp_path.rglob("e*l.png"))


def test_links_are_refused(tmp_path):
    info = zipfile.ZipInfo("link.png")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    archive = tmp_path / "set.zip"
    with zipfile.ZipFile(archive, "w") as opened:
        opened.writestr(info, "/etc/passwd")
    with pytest.raises(DataError, match=r"'link\.png' in 'set\.zip' is a link"):
        unpacked(archive)


def test_what_unpacks_to_far_more_than_it_is_is_refused(tmp_path, monkeypatch):
    archive = pack(tmp_path / "bomb.zip", {"1.bmp": bytes(3_000_000)})
    monkeypatch.setattr(archives, "_HARMLESS_BYTES", 2_000_000)
    with pytest.raises(DataError, match=r"would unpack to 0\.0 GB in 1 file,"):
        unpacked(archive)
    monkeypatch.setattr(archives, "_HARMLESS_BYTES", 4_000_000)
    assert files_in(unpacked(archive)) == ["1.bmp"]


@pytest.mark.parametrize(("limit", "value"), [("MOST_FILES", 2), ("MOST_BYTES", 300)])
def test_too_many_files_or_bytes_are_refused(tmp_path, png, monkeypatch, limit, value):
    archive = pack(tmp_path / "set.zip", {f"{n}.png": png for n in range(3)})
    monkeypatch.setattr(archives, limit, value)
    with pytest.raises(DataError, match="in 3 files, which is not"):
        unpacked(archive)


def test_no_room_is_told_before_anything_is_written(tmp_path, png, cache, monkeypatch):
    archive = pack(tmp_path / "set.zip", {"1.png": png})
    usage = archives.shutil.disk_usage(tmp_path)._replace(free=10)
    monkeypatch.setattr(archives.shutil, "disk_usage", lambda _folder: usage)
    with pytest.raises(DataError, match=r"0\.0 GB are free in .* Make room there"):
        unpacked(archive)


def test_a_password_is_asked_for_in_words(tmp_path, png):
    archive = pack(tmp_path / "set.zip", {"1.png": png})
    data = bytearray(archive.read_bytes())
    # The lowest bit of the flags, in the local and in the central header.
    for mark, place in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        data[data.index(mark) + place] |= 1
    archive.write_bytes(data)
    with pytest.raises(DataError, match=r"'set\.zip' is locked with a password"):
        unpacked(archive)


def test_damage_inside_is_told_and_nothing_stays(tmp_path, png, cache):
    archive = pack(tmp_path / "set.zip", {"1.png": png, "2.png": png})
    data = bytearray(archive.read_bytes())
    second = data.index(b"PK\3\4", 4)
    data[second + 40] ^= 255
    archive.write_bytes(data)
    with pytest.raises(DataError, match=r"'set\.zip' is damaged\. Fetch it or pack"):
        unpacked(archive)
    assert files_in(cache) == []


def test_a_way_of_packing_that_is_not_read(tmp_path, png):
    archive = pack(tmp_path / "set.zip", {"1.png": png})
    data = bytearray(archive.read_bytes())
    for mark, place in ((b"PK\3\4", 8), (b"PK\1\2", 10)):
        struct.pack_into("<H", data, data.index(mark) + place, 97)  # WavPack
    archive.write_bytes(data)
    with pytest.raises(DataError, match="packed in a way that is not read here"):
        unpacked(archive)


def test_a_date_that_is_none_does_not_matter(tmp_path, png):
    archive = tmp_path / "set.zip"
    with zipfile.ZipFile(archive, "w") as opened:
        opened.writestr(zipfile.ZipInfo("1.png", (1980, 0, 0, 0, 0, 0)), png)
    (file,) = (unpacked(archive) / name for name in ("1.png",))
    assert file.stat().st_mtime == 0


def test_what_an_archive_is(tmp_path, png):
    assert is_archive(pack(tmp_path / "A.ZIP", {"1.png": png}))
    (tmp_path / "folder.zip").mkdir()
    assert not is_archive(tmp_path / "folder.zip")
    assert not is_archive(tmp_path / "gone.zip")


def test_the_least_used_go_when_there_is_no_room(tmp_path):
    old = time.time() - 3 * 24 * 60 * 60
    for age, name in enumerate(["newest", "older", "oldest"]):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_bytes(bytes(100))
        os.utime(tmp_path / name, (old - age, old - age))
    (tmp_path / "today").mkdir()
    (tmp_path / "today" / "file").write_bytes(bytes(100))

    def left() -> list[str]:
        return sorted(path.name for path in tmp_path.iterdir())

    prune(tmp_path, 400, keep=tmp_path / "oldest")
    assert left() == ["newest", "older", "oldest", "today"]
    prune(tmp_path, 250, keep=tmp_path / "oldest")
    assert left() == ["oldest", "today"]
    prune(tmp_path, 0, keep=tmp_path / "oldest")
    assert left() == ["oldest", "today"]
