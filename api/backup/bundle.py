"""The file itself, a `tar.gz`: written whole, and read as something that anybody may have written.

`tarfile` writes it; it is read block by block here, because what reads any tar file also follows links, believes sizes
and keeps long headers in memory. A backup holds plain files only, each listed in the manifest that comes first.
"""

import gzip
import hashlib
import io
import os
import shutil
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from api.backup.faults import Unusable, Unwritable, unwritable
from api.backup.manifest import LONGEST, NAME, File, Manifest, parse
from inventory.text import Text

RATIO: Final = 200
"""How many times smaller than its content a backup may be; books shrink to a tenth."""

UNJUDGED: Final = 64 * 1024**2
"""Octets of content up to which that is not asked: new books are mostly empty pages."""

_BLOCK: Final = tarfile.BLOCKSIZE
_PIECE: Final = 1024**2
_LEVEL: Final = 6


def sum_of(path: Path) -> tuple[int, str]:
    """Return size and SHA-256 of a file."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
            size += len(piece)
    return size, digest.hexdigest()


def write(path: Path, folder: Path, manifest: Manifest) -> None:
    """Write a backup of the files of a folder; on disk when this returns, readable by its owner only.

    Args:
        path: A file that does not exist yet.
        folder: Holds the files that the manifest lists.
        manifest: What stands in it.

    Raises:
        OSError: It cannot be written, or a file was changed meanwhile.
    """
    number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(number, "wb") as file:
        with (
            gzip.GzipFile(filename="", fileobj=file, mode="wb", compresslevel=_LEVEL, mtime=0) as packed,
            tarfile.open(fileobj=packed, mode="w", format=tarfile.GNU_FORMAT) as tar,
        ):
            said = manifest.model_dump_json(indent=1).encode()
            tar.addfile(_member(NAME, len(said), manifest), io.BytesIO(said))
            for one in manifest.files:
                with (folder / one.name).open("rb") as content:
                    tar.addfile(_member(one.name, one.size, manifest), content)
        file.flush()
        os.fsync(number)


def read_manifest(path: Path) -> Manifest:
    """Return what a backup says of itself, without looking at the rest.

    Raises:
        Unusable: It is no backup.
        Unwritable: It cannot be read.
    """
    with _stream(path) as stream:
        return _manifest(stream)


def unpack(path: Path, into: Path) -> Manifest:
    """Put the files of a backup into an empty folder, each compared with its sum.

    Args:
        path: The backup.
        into: An empty folder of our own.

    Raises:
        Unusable: It is no backup, is damaged, or holds what it should not.
        Unwritable: It cannot be read, or there is no room for what it holds.
    """
    with _stream(path) as stream:
        manifest = _manifest(stream)
        _afford(manifest, path, into)
        wanted = {one.name: one for one in manifest.files}
        while (head := _head(stream)) is not None:
            one = wanted.pop(head.name, None)
            if one is None or one.size != head.size:
                raise Unusable(_FOREIGN.fill(name=_shown(head.name)))
            try:
                _take(stream, one, into / one.name)
            except FileExistsError:
                raise Unusable(_FOREIGN.fill(name=_shown(one.name))) from None
        if wanted:
            raise Unusable(_MISSING.fill(name=min(wanted)))
        # The checksum of the compressed file is compared at its very end.
        if len(stream.read(tarfile.RECORDSIZE + 1)) > tarfile.RECORDSIZE:
            raise Unusable(_TAIL)
    return manifest


def _member(name: str, size: int, manifest: Manifest) -> tarfile.TarInfo:
    one = tarfile.TarInfo(name)
    one.size, one.mode, one.mtime = size, 0o600, int(manifest.at.timestamp())
    return one


@contextmanager
def _stream(path: Path) -> Iterator[gzip.GzipFile]:
    """Open the uncompressed octets, and turn what goes wrong into our own errors."""
    try:
        with path.open("rb") as file, gzip.GzipFile(fileobj=file, mode="rb") as stream:
            yield stream
    except (EOFError, zlib.error, gzip.BadGzipFile, tarfile.TarError, UnicodeError):
        raise Unusable(_DAMAGED) from None
    except OSError as error:
        raise unwritable(Path(error.filename or path), error) from error


def _head(stream: gzip.GzipFile) -> tarfile.TarInfo | None:
    """Return the next header, or `None` at the end."""
    block = stream.read(_BLOCK)
    if len(block) < _BLOCK:
        raise Unusable(_DAMAGED)
    if not any(block):
        return None
    head = tarfile.TarInfo.frombuf(block, "utf-8", "strict")
    if head.type not in {tarfile.REGTYPE, tarfile.AREGTYPE} or head.size < 0:
        # A link, a device, a folder, or a header that goes on elsewhere.
        raise Unusable(_FOREIGN.fill(name=_shown(head.name)))
    return head


def _manifest(stream: gzip.GzipFile) -> Manifest:
    head = _head(stream)
    if head is None or head.name != NAME or head.size > LONGEST:
        raise Unusable(_DAMAGED)
    content = stream.read(head.size)
    stream.read(-head.size % _BLOCK)
    return parse(content)


def _afford(manifest: Manifest, path: Path, into: Path) -> None:
    if manifest.octets > max(UNJUDGED, RATIO * path.stat().st_size):
        raise Unusable(_RATIO)
    if (free := shutil.disk_usage(into).free) < manifest.octets:
        raise Unwritable(_ROOM.fill(folder=into.parent, free=_mb(free), need=_mb(manifest.octets)), _MAKE_ROOM)


def _take(stream: gzip.GzipFile, one: File, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest, left = hashlib.sha256(), one.size
    number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(number, "wb") as file:
        while left:
            piece = stream.read(min(left, _PIECE))
            if not piece:
                raise Unusable(_DAMAGED)
            digest.update(piece)
            file.write(piece)
            left -= len(piece)
        file.flush()
        os.fsync(number)
    stream.read(-one.size % _BLOCK)
    if digest.hexdigest() != one.sha256:
        raise Unusable(_SUM.fill(name=one.name))


def _shown(name: str) -> str:
    return ascii(name[:80])


def _mb(octets: int) -> int:
    return -(-octets // 1_000_000)


_DAMAGED: Final = Text(
    vi="tệp bị hỏng, bị cắt ngắn, hoặc không phải bản sao lưu của quang.",
    en="it is damaged, cut short, or no backup of quang.",
)
_FOREIGN: Final = Text(
    vi="có mục {name} mà bản sao lưu không được chứa; không ghi gì ra ngoài.",
    en="it holds {name}, which no backup may hold; nothing of it was put anywhere.",
)
_MISSING: Final = Text(vi="thiếu tệp {name}.", en="the file {name} is missing.")
_SUM: Final = Text(vi="tệp {name} bên trong đã bị thay đổi hoặc hỏng.", en="the file {name} in it was changed.")
_TAIL: Final = Text(vi="sau phần cuối còn có dữ liệu lạ.", en="something else follows its end.")
_RATIO: Final = Text(
    vi="nội dung lớn bất thường so với tệp nén, như tệp dùng để làm đầy ổ đĩa.",
    en="it would grow beyond all measure, like a file made to fill disks.",
)
_ROOM: Final = Text(
    vi="Ổ đĩa của {folder} còn {free} MB, cần {need} MB.",
    en="The disk of {folder} has {free} MB left, {need} are needed.",
)
_MAKE_ROOM: Final = Text(vi="Dọn bớt ổ đĩa rồi chạy lại.", en="Make room, then run it again.")
