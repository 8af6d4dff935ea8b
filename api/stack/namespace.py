"""A network namespace of our own for the simulated district, made without root where the kernel allows that."""

import asyncio
import os
from types import TracebackType
from typing import Final, Self

from inventory.text import Text

_MADE_S: Final = 10.0


class NoNamespace(Exception):
    """The machine gives us no network namespace.

    Attributes:
        reason: Why, and what to do first.
    """

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.reason = Text(
            vi="Máy này không cho tạo không gian mạng riêng ({why}). Chạy lệnh sau bằng root rồi thử lại:"
            " sysctl kernel.unprivileged_userns_clone=1 user.max_user_namespaces=10000",
            en="This machine allows no network namespace ({why}). Run this as root and try again:"
            " sysctl kernel.unprivileged_userns_clone=1 user.max_user_namespaces=10000",
        ).fill(why=why)


class Namespace:
    """A network namespace that lasts as long as it is open or a process is in it.

    Attributes:
        prefix: Words before a command that make it run inside.
        fds: Open files that such a command needs.
    """

    def __init__(self, names: tuple[str, ...], fds: tuple[int, ...]) -> None:
        self.fds = fds
        options = [f"--{name}=/proc/self/fd/{fd}" for name, fd in zip(names, fds, strict=True)]
        keep = ("--preserve-credentials",) if "user" in names else ()
        self.prefix: tuple[str, ...] = ("nsenter", *options, *keep)

    @classmethod
    async def make(cls) -> Self:
        """Make one: with root's own right, or else with the help of a user namespace.

        Raises:
            NoNamespace: Neither works.
        """
        why = "unshare"
        ways: list[tuple[str, ...]] = [("net",)] if os.geteuid() == 0 else []
        for names in (*ways, ("user", "net")):
            options = ["--map-root-user" if name == "user" else f"--{name}" for name in names]
            try:
                process = await asyncio.create_subprocess_exec(
                    "unshare",
                    *options,
                    "sh",
                    "-c",
                    "echo made; read end",
                    stdin=asyncio.subprocess.PIPE,
                    stdout=asyncio.subprocess.PIPE,
                    stderr=asyncio.subprocess.PIPE,
                )
            except OSError as error:
                raise NoNamespace(f"unshare: {error.strerror}") from error
            try:
                async with asyncio.timeout(_MADE_S):
                    made = process.stdout is not None and await process.stdout.readline() == b"made\n"
                    if made:
                        fds = tuple(os.open(f"/proc/{process.pid}/ns/{name}", os.O_RDONLY) for name in names)
                        return cls(names, fds)
            except (TimeoutError, OSError) as error:
                why = str(error) or "timeout"
            finally:
                _, said = await process.communicate(b"\n")
            why = said.decode(errors="replace").strip() or why
        raise NoNamespace(why)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for fd in self.fds:
            os.close(fd)
