"""The door to dulwich: a bare git repository in which each device has one file.

It is written in this process: no program is started, nobody's git settings or hooks are read, and nothing of it ever
stands in a list of processes. Anybody may look at it with `git log` all the same; the files in it are sealed.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from dulwich.errors import NotGitRepository
from dulwich.objects import Blob, Commit, ObjectID, Tree
from dulwich.refs import Ref
from dulwich.repo import Repo

_BRANCH: Final = Ref(b"refs/heads/main")
_US: Final = b"quang <quang@localhost>"
_FILE: Final = 0o100644

_MADE: Final = ("HEAD", "objects", "refs")
"""What stands in a repository that was made to its end."""

_REFERENCE_LOCK: Final = "refs/heads/main.lock"
"""Left behind by a process that was killed while it wrote; whoever holds the lock on the whole may take it away."""

LOOSE: Final = 1_000
"""Files of their own that objects may have, about; beyond, they are put together: each takes a block of the disk."""

WAIT_S: Final = 10.0
"""Seconds that one process waits for another that writes."""

_SAMPLED: Final = 16
"""Of the 256 folders of objects, how many are looked into to know how many objects have files of their own."""


class BrokenRepository(Exception):
    """The repository cannot be read or written."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One commit, as far as it is about one file.

    Attributes:
        blob: The file's content by its git name: 40 hexadecimal digits.
        at: When it was committed; aware UTC.
        subject: First line of the message.
    """

    blob: str
    at: datetime
    subject: str


class Repository:
    """One repository; made when it is first written to.

    Attributes:
        folder: Where it is, or will be.
    """

    def __init__(self, folder: Path, loose: int = LOOSE) -> None:
        """Prepare.

        Args:
            folder: Where it is, or will be.
            loose: Files of their own that objects may have, about.
        """
        self.folder, self._loose = folder, loose

    @property
    def exists(self) -> bool:
        """Return whether anything was ever written."""
        return all((self.folder / name).exists() for name in _MADE)

    def heads(self) -> dict[str, str]:
        """Return every file with the git name of its content now.

        Raises:
            BrokenRepository: It cannot be read.
        """
        if not self.exists:
            return {}
        with self._opened() as repo:
            tree = _tree(repo, _head(repo))
            return {entry.path.decode(): entry.sha.decode() for entry in tree.iteritems()}

    def read(self, blob: str) -> bytes | None:
        """Return a content by its git name, or `None` if there is none.

        Raises:
            BrokenRepository: It cannot be read.
        """
        if not self.exists:
            return None
        with self._opened() as repo:
            try:
                found = repo.object_store[ObjectID(blob.encode())]
            except KeyError:
                return None
            return found.data if isinstance(found, Blob) else None

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep every other process from writing, so that what is compared with the last content stays the last.

        Raises:
            BrokenRepository: It cannot be made, or another process writes for too long.
        """
        with _told():
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.folder.chmod(0o700)
            file = (self.folder / "write.lock").open("a")
        with file:
            ends = time.monotonic() + WAIT_S
            while True:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except OSError:
                    if time.monotonic() >= ends:
                        raise BrokenRepository("somebody else writes to it") from None
                    time.sleep(0.02)
            with _told():
                (self.folder / _REFERENCE_LOCK).unlink(missing_ok=True)
            yield

    def write(self, name: str, content: bytes, message: str, author: str, at: datetime) -> str:
        """Commit one file, and return the git name of its content; on disk when this returns. Only inside `locked`.

        Args:
            name: Of the file; a device's name.
            content: All of it.
            message: Of the commit.
            author: Who made the change, as far as it is known; `NAME <MAIL>`.
            at: When it was seen; aware UTC.

        Raises:
            BrokenRepository: It cannot be written, or somebody else is writing.
        """
        self._make()
        with self._opened() as repo:
            head = _head(repo)
            tree = _tree(repo, head)
            blob = Blob.from_string(content)
            tree.add(name.encode(), _FILE, blob.id)
            commit = Commit()
            commit.tree, commit.parents = tree.id, [] if head is None else [head]
            commit.author, commit.committer = author.encode(), _US
            commit.author_time = commit.commit_time = int(at.timestamp())
            commit.author_timezone = commit.commit_timezone = 0
            commit.encoding, commit.message = b"UTF-8", message.encode()
            for one in (blob, tree, commit):
                repo.object_store.add_object(one)
            if not repo.refs.set_if_equals(_BRANCH, head or ObjectID(b"0" * 40), commit.id):
                raise BrokenRepository("somebody else writes to it")
            with suppress(OSError):  # what is written stands; the next one tries again
                self._pack(repo)
            return str(blob.id.decode())

    def log(self, name: str, most: int) -> list[Entry]:
        """Return the commits that changed a file, the newest first, at most `most`.

        Raises:
            BrokenRepository: It cannot be read.
        """
        found: list[Entry] = []
        if not self.exists:
            return found
        with self._opened() as repo:
            head, begins = _head(repo), name.encode() + b": "
            while head is not None and len(found) < most:
                commit = repo.object_store[head]
                if not isinstance(commit, Commit):
                    raise BrokenRepository("a parent is no commit")
                # Each commit is about one file and begins with its name; trees are large, and read for its own only.
                if commit.message.startswith(begins):
                    _, blob = _tree(repo, head)[name.encode()]
                    subject = commit.message.decode(errors="replace").partition("\n")[0]
                    found.append(Entry(blob.decode(), datetime.fromtimestamp(commit.commit_time, UTC), subject))
                head = commit.parents[0] if commit.parents else None
        return found

    def blobs(self) -> Iterator[tuple[str, bytes]]:
        """Yield every content that was ever written, by its git name.

        Raises:
            BrokenRepository: It cannot be read, or an object is damaged.
        """
        if not self.exists:
            return
        with self._opened() as repo:
            for name in repo.object_store:
                found = repo.object_store[name]
                found.check()
                if isinstance(found, Blob):
                    yield name.decode(), found.data

    def _make(self) -> None:
        if self.exists:
            return
        with _told():
            self._clear()
            repo = Repo.init_bare(str(self.folder), default_branch=b"main")
            try:
                config = repo.get_config()
                # The collector forgets a configuration once we say that we have it: it must survive a power cut.
                config.set((b"core",), b"fsyncObjectFiles", True)
                config.write_to_path()
            finally:
                repo.close()

    def _clear(self) -> None:
        """Take away what a process that was killed had begun to make; nothing that holds anything."""
        for place, folders, _ in os.walk(self.folder, topdown=False):
            for folder in folders:
                (Path(place) / folder).rmdir()
        for name in ("HEAD", "description"):
            (self.folder / name).unlink(missing_ok=True)

    def _pack(self, repo: Repo) -> None:
        """Put objects that have files of their own together into one file, once there are many."""
        folders = (self.folder / "objects" / f"{number:02x}" for number in range(_SAMPLED))
        sampled = sum(sum(1 for _ in folder.iterdir()) for folder in folders if folder.is_dir())
        if sampled * (256 // _SAMPLED) > self._loose:
            repo.object_store.pack_loose_objects()

    @contextmanager
    def _opened(self) -> Iterator[Repo]:
        with _told():
            repo = Repo(str(self.folder), bare=True)
            try:
                yield repo
            finally:
                repo.close()


@contextmanager
def _told() -> Iterator[None]:
    """Turn what goes wrong inside into our own error."""
    try:
        yield
    except OSError as error:
        raise BrokenRepository(os.strerror(error.errno) if error.errno else type(error).__name__) from None
    except (NotGitRepository, KeyError, ValueError, AssertionError) as error:
        raise BrokenRepository(type(error).__name__) from None
    except BrokenRepository:
        raise
    except Exception as error:  # the library has an exception for every way in which a file may be damaged
        if type(error).__module__.startswith(("dulwich", "zlib")):
            raise BrokenRepository(type(error).__name__) from None
        raise


def _head(repo: Repo) -> ObjectID | None:
    try:
        return ObjectID(repo.refs[_BRANCH])
    except KeyError:
        return None


def _tree(repo: Repo, head: ObjectID | None) -> Tree:
    if head is None:
        return Tree()
    commit = repo.object_store[head]
    if not isinstance(commit, Commit):
        raise BrokenRepository("the branch is no commit")
    tree = repo.object_store[commit.tree]
    if not isinstance(tree, Tree):
        raise BrokenRepository("a commit has no tree")
    return tree
