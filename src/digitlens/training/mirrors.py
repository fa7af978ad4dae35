"""Files from public mirrors: tried in turn, checked by what is inside, and gone on with after a break."""

from __future__ import annotations

import gzip
import hashlib
import http.client
import urllib.error
import urllib.request
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

from digitlens.errors import InputError

# File name, bytes so far, bytes in all (0 where the mirror does not say).
Progress = Callable[[str, int, int], None]

_BLOCK = 1 << 16
_TIMEOUT_S = 30.0
_NETWORK_ERRORS = (urllib.error.URLError, http.client.HTTPException, OSError)


def download(name: str, checksum: str, target: Path, mirrors: Sequence[str], progress: Progress | None = None) -> Path:
    """Bring `name`.gz into the folder `target`.

    Args:
        name: of the unpacked file.
        checksum: SHA-256 of the unpacked file, since mirrors pack it differently.
        target: a folder that exists; a part from an earlier try lies there as `name`.gz.part.
        mirrors: addresses without the file name.
        progress: called after every block.

    Returns:
        The path of the packed file.

    Raises:
        InputError: no mirror gave the right file; the message says what each one did.
    """
    final, partial = target / f"{name}.gz", target / f"{name}.gz.part"
    failures = []
    for mirror in mirrors:
        # A part from another mirror may be packed differently; then the sum is wrong and the second try starts afresh.
        for _ in range(2 if partial.exists() else 1):
            try:
                _transfer(f"{mirror}/{name}.gz", partial, progress)
            except _NETWORK_ERRORS as error:
                failures.append(f"{mirror}: {error}")
                break
            if checksum_of(partial) == checksum:
                return partial.replace(final)
            partial.unlink()
            failures.append(f"{mirror}: wrong checksum")
    raise InputError(
        f"No mirror gave {name}: {'; '.join(failures)}.",
        "Try again (a download cut short goes on), or give a folder that has the files with `--from DIR`.",
    )


def _transfer(address: str, partial: Path, progress: Progress | None) -> None:
    """Download into `partial`, going on after what it holds already."""
    have = partial.stat().st_size if partial.exists() else 0
    request = urllib.request.Request(address, headers={"Range": f"bytes={have}-"} if have else {})  # noqa: S310
    try:
        answer = urllib.request.urlopen(request, timeout=_TIMEOUT_S)  # noqa: S310  # the mirrors are named above
    except urllib.error.HTTPError as error:
        error.close()
        if error.code == http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            return  # it was complete; the checksum decides
        raise
    with answer:
        have = have if answer.status == http.HTTPStatus.PARTIAL_CONTENT else 0
        total = have + int(answer.headers.get("Content-Length") or 0)
        with partial.open("ab" if have else "wb") as file:
            while block := answer.read(_BLOCK):
                file.write(block)
                have += len(block)
                if progress is not None:
                    progress(partial.name.removesuffix(".part"), have, total)
    if have < total:
        raise ConnectionError(f"the connection ended after {have} of {total} bytes")


def checksum_of(path: Path) -> str:
    """SHA-256 of the unpacked content; empty where it cannot be unpacked."""
    try:
        return hashlib.sha256(unpacked(path)).hexdigest()
    except (OSError, EOFError, zlib.error):
        return ""


def unpacked(path: Path) -> bytes:
    """The content of a file, unpacked where its name ends in .gz or .gz.part."""
    content = path.read_bytes()
    return gzip.decompress(content) if path.suffix in (".gz", ".part") else content
