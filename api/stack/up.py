"""`quang up`: everything that one machine needs, prepared and handed over to the supervisor."""

import contextlib
import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from socket import socket
from typing import Final, NoReturn
from urllib.parse import urlsplit

from alerts.prometheus import JOBS
from api.settings import Settings
from api.stack import books as stack_books
from api.stack import config as stack_config
from api.stack import grafana as stack_grafana
from api.stack import home as stack_home
from api.stack import ports
from api.stack import programs as stack_programs
from api.stack.config import Addresses
from api.stack.plan import Plan, Program, Ready, Targets
from api.stack.programs import PYTHON, Places
from inventory.access.passwords import FIRST_USERNAME
from inventory.books import Books, open_books, prepare
from inventory.errors import Unavailable

COLLECTOR_PORT: Final = 9470
_LOOPBACK: Final = "127.0.0.1"

Say = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Extra:
    """What a demonstration adds to the stack.

    Attributes:
        books: Writes its rows into the prepared books.
        programs: Started before all others.
        env: Settings of the API.
        inside: Whether the collector runs in the simulation's namespace.
        announce: Said when everything answers.
    """

    books: Callable[[Books], None] | None = None
    programs: tuple[Program, ...] = ()
    env: dict[str, str] = field(default_factory=dict)
    inside: bool = False
    announce: tuple[str, ...] = ()


def up(settings: Settings, extra: Extra, say: Say) -> NoReturn:
    """Prepare the stack and become its supervisor.

    Args:
        settings: The settings.
        extra: What is started besides.
        say: Where to tell what a person has to know.

    Raises:
        Running: Another `up` works in the same home.
        Missing: A program is not installed.
        Unavailable: The database does not answer and nothing was prepared before, or a port cannot be had.
        inventory.keys.BadKey: The key file cannot be used.
    """
    plan = arranged(settings, extra, say)
    file = settings.home / "run" / "plan.json"
    plan.write(file)
    for fd in (plan.lock_fd, *(fd for one in plan.programs for fd in one.fds + one.holds)):
        os.set_inheritable(fd, True)
    command = [*PYTHON, "api.stack.supervisor", str(file)]
    os.execv(command[0], command)  # noqa: S606 - our own Python: a small process in the place of this large one


def arranged(settings: Settings, extra: Extra, say: Say) -> Plan:
    """Prepare home, books, tokens, ports and configuration, and return what remains to be done; see `up`."""
    os.umask(0o077)
    places = _places(settings)
    lock = stack_home.lock(settings.home)
    sockets = _Sockets(settings, places)
    recipients = _prepare_books(settings, places, extra, say)
    addresses = sockets.addresses()
    mail = stack_config.mail_plan(settings, recipients)
    stack_config.render(
        places.config, addresses, places.tokens, places.targets, mail=mail, thresholds=settings.thresholds
    )
    stack_grafana.write_boards(places.config / "grafana", f"http://{addresses.prometheus}", settings.thresholds)
    sockets.remember()
    return Plan(
        home=str(settings.home),
        lock_fd=lock,
        programs=_programs(settings, places, extra, sockets),
        ready=_ready(places, addresses, sockets),
        announce=(*_welcome(settings, places, sockets), *extra.announce),
        targets=Targets(
            address=str(places.socket),
            token_file=str(places.tokens / "scrape"),
            folder=str(places.targets),
            jobs=tuple(job.name for job in JOBS),
        ),
        daily=Program(
            name="renewal",
            command=(*PYTHON, "api", "token", "renew"),
            env={"QUANG_HOME": str(settings.home)},
            inherits=("QUANG_", "!QUANG_COLLECTOR_"),
            stop_s=300.0,
        ),
    )


def _programs(settings: Settings, places: Places, extra: Extra, sockets: "_Sockets") -> tuple[Program, ...]:
    """Return the programs in the order of their start, with the sockets handed over to them."""
    addresses = sockets.addresses()
    env = _urls(addresses) | extra.env
    programs = [*extra.programs, stack_programs.api(settings, places, sockets.api_fds(), sockets.api_port, env)]
    if sockets.own_alertmanager:
        programs.append(stack_programs.alertmanager(places, addresses.alertmanager, sockets.handed("alertmanager")))
    if sockets.own_prometheus:
        programs.append(stack_programs.prometheus(settings, places, addresses.prometheus, sockets.handed("prometheus")))
    collector = sockets.collector.detach()
    programs.append(stack_programs.collector(stack_books.COLLECTOR, places, collector, inside=extra.inside))
    if sockets.grafana:
        folder, data = places.config / "grafana", places.home / "grafana"
        held = sockets.held["grafana"]
        programs.append(stack_grafana.program(sockets.grafana, folder, data, places.tokens, held))
    return tuple(programs)


class _Sockets:
    """The ports of a stack: chosen, and held where that is possible."""

    def __init__(self, settings: Settings, places: Places) -> None:
        self._file = settings.home / "run" / "ports.json"
        self._before = _read_ports(self._file)
        web, self._settings = settings.web, settings
        # The port of the pages is known to people, so an operator's choice is never quietly replaced.
        firm = "port" in web.model_fields_set
        self._tcp = ports.listen(web.host, web.port if firm else self._before.get("api", web.port), firm=firm)
        self.api_port: int = self._tcp.getsockname()[1]
        self._file_socket = ports.listen_file(places.socket)
        self.collector: socket = ports.listen(_LOOPBACK, self._before.get("collector", COLLECTOR_PORT), firm=False)
        self._collector_port: int = self.collector.getsockname()[1]
        self.held: dict[str, socket] = {}
        self.own_prometheus, self._prometheus = self._program("prometheus", settings.prometheus.url)
        self.own_alertmanager, self._alertmanager = self._program("alertmanager", settings.alertmanager.url)
        self.grafana = stack_grafana.installed()
        self.grafana_port = 0
        if self.grafana:
            wanted = self._before.get("grafana", stack_grafana.PORT)
            self.held["grafana"] = ports.listen(_LOOPBACK, wanted, firm=False)
            self.grafana_port = self.held["grafana"].getsockname()[1]

    def api_fds(self) -> tuple[int, ...]:
        """Hand the API's sockets over: they stay open in this process and in the one that it becomes."""
        return self._tcp.detach(), self._file_socket.detach()

    def handed(self, name: str) -> int:
        """Hand over the socket that keeps a program's port from others until it is started."""
        return self.held[name].detach()

    def addresses(self) -> Addresses:
        """Return where the parts are."""
        host = self._settings.web.host
        near = {"0.0.0.0": _LOOPBACK, "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
        return Addresses(
            api=f"http://{near}:{self.api_port}", prometheus=self._prometheus, alertmanager=self._alertmanager
        )

    def remember(self) -> None:
        """Keep the ports for the next start, so that bookmarks and dashboards stay right."""
        chosen = {"api": self.api_port, "collector": self._collector_port}
        if self.own_prometheus:
            chosen["prometheus"] = int(self._prometheus.rpartition(":")[2])
        if self.own_alertmanager:
            chosen["alertmanager"] = int(self._alertmanager.rpartition(":")[2])
        if self.grafana:
            chosen["grafana"] = self.grafana_port
        self._file.write_text(json.dumps(chosen), encoding="ascii")

    def _program(self, name: str, url: str) -> tuple[bool, str]:
        """Return whether the program is ours to start, and its address; on another machine it is not."""
        parts = urlsplit(url)
        if parts.hostname not in {_LOOPBACK, "localhost", "::1"}:
            return False, parts.netloc
        firm = "url" in getattr(self._settings, name).model_fields_set
        wanted = (parts.port or 80) if firm else self._before.get(name, parts.port or 80)
        self.held[name] = ports.listen(_LOOPBACK, wanted, firm=firm)
        return True, f"{_LOOPBACK}:{self.held[name].getsockname()[1]}"


def _places(settings: Settings) -> Places:
    home = settings.home
    for folder in (home, home / "run", home / "logs", home / "targets", home / "config"):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Places(
        home=home,
        config=home / "config",
        tokens=home / "tokens",
        targets=home / "targets",
        socket=Path(settings.web.socket) if settings.web.socket else stack_home.socket_file(home, "api"),
    )


def _prepare_books(settings: Settings, places: Places, extra: Extra, say: Say) -> tuple[str, ...]:
    """Bring the books and the tokens into shape and return whom Alertmanager mails."""
    books = open_books(settings.inventory)
    try:
        prepare(books)
        password = stack_books.first_start(books)
        stack_books.keep_tokens(books, places.tokens)
        if extra.books:
            extra.books(books)
        recipients = stack_books.administrators_mail(books)
    except Unavailable as error:
        # With tokens from before, collector, Prometheus and Alertmanager go on; the API answers 503 until it can.
        if not stack_books.tokens_exist(places.tokens):
            raise
        say(f"{error.reason.vi} / {error.reason.en}")
        return ()
    finally:
        with contextlib.suppress(Unavailable):
            books.engine.dispose()
    if password:
        _tell_password(password, say)
    return recipients


def _tell_password(password: str, say: Say) -> None:
    say("")
    say("  Tài khoản quản trị đầu tiên / First administrator:")
    say(f"    tên / user name:     {FIRST_USERNAME}")
    say(f"    mật khẩu / password: {password}")
    say("  Mật khẩu chỉ hiện một lần này; hệ thống yêu cầu đổi khi đăng nhập lần đầu.")
    say("  It is shown this once only and has to be changed at the first sign-in.")
    say("")


def _urls(addresses: Addresses) -> dict[str, str]:
    return {
        "QUANG_PROMETHEUS_URL": f"http://{addresses.prometheus}",
        "QUANG_ALERTMANAGER_URL": f"http://{addresses.alertmanager}",
    }


def _ready(places: Places, addresses: Addresses, sockets: _Sockets) -> tuple[Ready, ...]:
    parts = [Ready(name="api", address=str(places.socket), path="/healthz")]
    if sockets.own_prometheus:
        parts.append(Ready(name="prometheus", address=addresses.prometheus, path="/-/ready"))
    if sockets.own_alertmanager:
        parts.append(Ready(name="alertmanager", address=addresses.alertmanager, path="/-/ready"))
    return tuple(parts)


def _welcome(settings: Settings, places: Places, sockets: _Sockets) -> tuple[str, ...]:
    url = settings.web.base_url or sockets.addresses().api
    lines = [f"  Mở trong trình duyệt / Open in a browser:  {url}"]
    if sockets.grafana:
        password = places.tokens / stack_grafana.PASSWORD
        lines.append(f"  Grafana: http://{_LOOPBACK}:{sockets.grafana_port}  (admin, mật khẩu / password: {password})")
    return (*lines, f"  Dừng / Stop: Ctrl-C, hoặc / or: kill {os.getpid()}")


def _read_ports(file: Path) -> dict[str, int]:
    try:
        tree = json.loads(file.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return {}
    if not isinstance(tree, dict):
        return {}
    return {str(name): port for name, port in tree.items() if isinstance(port, int) and 0 < port < 65_536}
