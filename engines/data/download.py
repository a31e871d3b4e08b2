"""Fetches one published file and makes sure that it is the one."""

import hashlib
import http.client
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from engines.errors import Cancelled, DataError

_TIMEOUT_S = 8.0  # without a byte; a cancel is seen no later than that
_CHUNK_BYTES = 1 << 16
_ADVICE = "Check that this computer is online, or try again later."


class _Unusable(Exception):
    """A mirror did not give the file; why, as a clause."""


def download(
    mirrors: Sequence[str],
    target: Path,
    *,
    md5: str,
    title: str,
    most_bytes: int,
    received: Callable[[int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> None:
    """Fetch a file from the first mirror that has it.

    Args:
        mirrors: Addresses of folders, each with "/" at its end.
        target: Where to write it; its name is that of the file on the mirrors.
        md5: Its checksum, hexadecimal.
        title: What the file belongs to, for the error's sentence.
        most_bytes: Give up on a mirror that sends more.
        received: Called with the bytes that have come.
        cancelled: Polled before each chunk.

    Raises:
        DataError: No mirror gave the right file; what the first one did instead.
        OSError: *target* cannot be written. As after every error, part of it may be
            there.
        Cancelled: *cancelled* said so.
    """
    problems = []
    for mirror in mirrors:
        try:
            with target.open("wb") as file:
                digest = hashlib.md5(usedforsecurity=False)
                for chunk in _chunks(mirror + target.name, most_bytes, cancelled):
                    file.write(chunk)
                    digest.update(chunk)
                    if received is not None:
                        received(file.tell())
            if digest.hexdigest() == md5:
                return
            host = urlsplit(mirror).hostname
            problems.append(f"{target.name} from {host} has a wrong checksum")
        except _Unusable as problem:
            problems.append(str(problem))
    raise DataError(f"{title} cannot be fetched: {problems[0]}. {_ADVICE}")


def _chunks(
    address: str, most_bytes: int, cancelled: Callable[[], bool] | None
) -> Iterator[bytes]:
    """What the server sends, its errors and those of the network as `_Unusable`."""
    agent = {"User-Agent": "image-translation-studio"}
    request = urllib.request.Request(address, headers=agent)
    host = urlsplit(address).hostname
    try:
        with urllib.request.urlopen(request, timeout=_TIMEOUT_S) as response:
            size = 0
            while chunk := response.read(_CHUNK_BYTES):
                if cancelled is not None and cancelled():
                    raise Cancelled
                size += len(chunk)
                if size > most_bytes:
                    raise _Unusable(f"{host} sends more than the file has")
                yield chunk
            if response.length:  # of the bytes that were announced some are missing
                raise _Unusable(f"the connection to {host} broke off")
    except urllib.error.HTTPError as error:
        error.close()
        raise _Unusable(f"{host} answers {error.code} {error.reason}") from error
    except (OSError, http.client.HTTPException) as error:
        raise _Unusable(f"there is no connection to {host}") from error
