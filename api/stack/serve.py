"""The API as a process: the application on sockets that are handed in, or on those that the settings name."""

import logging
import socket
from pathlib import Path

from api.app import create_app
from api.http.server import configured, run
from api.settings import Settings
from api.stack import ports


def serve(settings: Settings, fds: tuple[int, ...]) -> int:
    """Serve until SIGTERM or SIGINT and return the exit status.

    Args:
        settings: The settings.
        fds: Open listening sockets; none = listen at the host, port and socket file of the settings.

    Raises:
        PortTaken: A port or file of the settings cannot be had.
        inventory.keys.BadKey: The key file cannot be used.
    """
    logging.basicConfig(level=settings.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    sockets = [socket.socket(fileno=fd) for fd in fds] or _own(settings)
    app = create_app(settings)
    return 0 if run(configured(app, settings), sockets) else 1


def _own(settings: Settings) -> list[socket.socket]:
    web = settings.web
    sockets = [ports.listen(web.host, web.port, firm=True)]
    if web.socket:
        sockets.append(ports.listen_file(Path(web.socket)))
    return sockets
