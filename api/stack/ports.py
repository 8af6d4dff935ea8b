"""Ports of this machine: which are free, and sockets that hold one before anybody else can take it."""

import errno
import socket
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from inventory.errors import Unavailable
from inventory.text import Text

TRIED: Final = 50
"""Ports that are tried after the wanted one."""

_BACKLOG: Final = 512


class PortTaken(Unavailable):
    """A port that was asked for by name cannot be had."""

    code = "port_taken"


def listen(host: str, wanted: int, *, firm: bool) -> socket.socket:
    """Return a socket that listens on a port, if possible on the wanted one.

    Args:
        host: Address to listen at.
        wanted: Port, 1 to 65,535.
        firm: Whether no other port will do, because an operator chose this one.

    Raises:
        PortTaken: The port, or each of the `TRIED` after it, is taken; or the address is not one of this machine.
    """
    for port in _candidates(wanted, firm=firm):
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        sock = socket.socket(family, socket.SOCK_STREAM)
        try:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            sock.bind((host, port))
            sock.listen(_BACKLOG)
        except OSError as error:
            sock.close()
            if error.errno not in {errno.EADDRINUSE, errno.EACCES}:
                raise _refused(host, port, error) from error
        else:
            return sock
    raise _taken(host, wanted, firm=firm)


def listen_file(path: Path) -> socket.socket:
    """Return a socket that listens on a file which only this user may open; a left-over of an earlier run is replaced.

    Raises:
        PortTaken: The file cannot be made.
    """
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        path.unlink(missing_ok=True)
        sock.bind(str(path))
        path.chmod(0o600)
        sock.listen(_BACKLOG)
    except OSError as error:
        sock.close()
        raise PortTaken(
            Text(vi="Không mở được tệp socket {path}: {why}.", en="The socket file {path} cannot be made: {why}.").fill(
                path=path, why=error.strerror or error
            ),
            Text(
                vi="Kiểm tra quyền ghi vào thư mục đó và dung lượng đĩa.",
                en="Check that the folder may be written and the disk is not full.",
            ),
        ) from error
    return sock


def _candidates(wanted: int, *, firm: bool) -> Iterable[int]:
    return [wanted] if firm else range(wanted, min(wanted + TRIED, 65_535) + 1)


def _taken(host: str, wanted: int, *, firm: bool) -> PortTaken:
    if firm:
        reason = Text(
            vi="Cổng {port} trên {host} đang được chương trình khác dùng.",
            en="Port {port} on {host} is used by another program.",
        ).fill(port=wanted, host=host)
    else:
        reason = Text(
            vi="Các cổng từ {port} đến {last} trên {host} đều đang bận.",
            en="The ports from {port} to {last} on {host} are all taken.",
        ).fill(port=wanted, last=min(wanted + TRIED, 65_535), host=host)
    step = Text(
        vi="Xem chương trình nào giữ cổng: ss -ltnp 'sport = :{port}'. Dừng nó, hoặc chọn cổng khác trong quang.toml.",
        en="See which one holds it: ss -ltnp 'sport = :{port}'. Stop it, or choose another port in quang.toml.",
    ).fill(port=wanted)
    return PortTaken(reason, step)


def _refused(host: str, port: int, error: OSError) -> PortTaken:
    return PortTaken(
        Text(vi="Không mở được {host}:{port}: {why}.", en="{host}:{port} cannot be opened: {why}.").fill(
            host=host, port=port, why=error.strerror or error
        ),
        Text(
            vi="Địa chỉ phải là của chính máy này. Sửa [web] host trong quang.toml.",
            en="The address has to be one of this machine. Correct [web] host in quang.toml.",
        ),
    )
