"""Tests for engines.data.download, against a server on this computer."""

import hashlib

import pytest

from engines.data.download import download
from engines.errors import Cancelled, DataError

CONTENT = bytes(range(256)) * 1_000  # four chunks
MD5 = hashlib.md5(CONTENT).hexdigest()


@pytest.fixture
def fetch(file_server, tmp_path):
    """Download file.gz into the test's folder, by default from the server."""
    file_server.files["/file.gz"] = CONTENT

    def call(**values):
        target = tmp_path / "file.gz"
        values = {"md5": MD5, "title": "Things", "most_bytes": 10**6} | values
        mirrors = values.pop("mirrors", [file_server.address])
        download(mirrors, target, **values)
        return target

    return call


def test_the_file_comes_and_its_bytes_are_counted(fetch):
    seen = []
    assert fetch(received=seen.append).read_bytes() == CONTENT
    assert seen == [65_536, 131_072, 196_608, 256_000]


def test_a_wrong_checksum_is_refused(fetch):
    words = "Things cannot be fetched: file.gz from 127.0.0.1 has a wrong checksum. "
    with pytest.raises(DataError, match=words):
        fetch(md5="0" * 32)


def test_what_the_server_answers_is_told(fetch, file_server):
    file_server.files.clear()
    with pytest.raises(DataError, match=r"fetched: 127.0.0.1 answers 404 Not Found\."):
        fetch()


def test_no_connection_is_told_with_what_to_do(fetch, file_server):
    file_server.stop()
    words = (
        r"there is no connection to 127.0.0.1\. Check that this computer is online, "
        r"or try again later\."
    )
    with pytest.raises(DataError, match=words):
        fetch()


def test_a_connection_that_breaks_off_is_told(fetch, file_server):
    file_server.announced["/file.gz"] = len(CONTENT) + 1
    with pytest.raises(DataError, match=r"the connection to 127.0.0.1 broke off"):
        fetch()


def test_a_server_that_sends_too_much_is_stopped(fetch):
    seen = []
    with pytest.raises(DataError, match=r"127.0.0.1 sends more than the file has"):
        fetch(most_bytes=100_000, received=seen.append)
    assert seen == [65_536]


def test_the_next_mirror_is_asked_where_one_fails(fetch, file_server):
    mirrors = [file_server.address + "empty/", file_server.address]
    assert fetch(mirrors=mirrors).read_bytes() == CONTENT
    assert file_server.asked == ["/empty/file.gz", "/file.gz"]


def test_of_several_failures_the_first_is_told(fetch, file_server):
    mirrors = [file_server.address, file_server.address + "empty/"]
    with pytest.raises(DataError, match="wrong checksum"):
        fetch(mirrors=mirrors, md5="0" * 32)


def test_cancelling_ends_between_two_chunks(fetch):
    seen = []
    with pytest.raises(Cancelled):
        fetch(received=seen.append, cancelled=lambda: len(seen) == 2)
    assert len(seen) == 2
