"""Settings of a collector: from a TOML file, from `QUANG_COLLECTOR_*`, or from the program that starts it.

Tokens are never taken from the command line, where every user of the machine could read them.
"""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator

from collector.polling.shard import MOST_WORKERS
from collector.target import Slug
from inventory.text import Text

PREFIX: Final = "QUANG_COLLECTOR_"
"""What the name of an environment variable begins with; the rest is the setting's name in capitals."""

MOST_FILE_BYTES: Final = 65_536
"""A settings or token file larger than this is refused unread."""


class BadSettings(Exception):
    """The collector cannot start with its settings.

    Attributes:
        problems: One text per wrong setting, each with the setting's name; never with a secret.
    """

    def __init__(self, *problems: Text) -> None:
        super().__init__("; ".join(problem.en for problem in problems))
        self.problems = problems


def _api(value: str) -> str:
    if value.startswith("unix:/"):
        return value
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment or parts.username:
        raise ValueError("must be http://host:port, https://host or unix:/path/to/socket, without user or query")
    return value.rstrip("/")


def _url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment or parts.path:
        raise ValueError("must be http://host:port")
    return value


def _listen(value: str) -> str:
    host, colon, port = value.rpartition(":")
    if not (colon and host and port.isascii() and port.isdigit() and int(port) < 65_536):
        raise ValueError("must be host:port, an IPv6 address in brackets")
    return value


class Settings(BaseModel):
    """Everything that a collector may be told. Unknown settings are refused by name."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, hide_input_in_errors=True)

    api: Annotated[str, AfterValidator(_api)] = "http://127.0.0.1:8470"
    """Where the API answers: `http://host:port`, `https://host` or `unix:/path/to/socket`."""

    name: Slug
    """The collector's own name, as the API knows it; unique in the district."""

    scope: Slug | None = None
    """The scope that this collector must serve. A roster of another scope is refused. Empty: whatever the API says."""

    token: SecretStr | None = None
    """The collector's token. Give it in the environment, or better in `token_file`."""

    token_file: Path | None = None
    """File with the token on its first line and, while tokens are being changed, the other one on its second."""

    state: Path
    """Folder for what must survive a restart: the encrypted roster and the reports that wait."""

    listen: Annotated[str, AfterValidator(_listen)] = "127.0.0.1:9765"
    """Address of the pages for Prometheus; worker k listens on port + k. Port 0: any free one (one worker only)."""

    listen_fds: tuple[Annotated[int, Field(ge=3)], ...] = ()
    """Sockets that already listen, handed in by the program that starts the collector, one per worker, instead of
    `listen`."""

    url: Annotated[str, AfterValidator(_url)] | None = None
    """Where Prometheus reaches worker 0, if not at `listen`: `http://host:port`."""

    workers: Annotated[int, Field(ge=1, le=MOST_WORKERS)] = 1
    """Processes that share the work, each with its own sites. One is enough for several thousand devices."""

    traps: Annotated[str, AfterValidator(_listen)] | None = None
    """Address on which traps and informs are taken, `0.0.0.0:1162` for example; empty: none are. A port below 1024
    needs the right to it (docs/traps.md)."""

    window: Annotated[int, Field(ge=1, le=5_000)] = 200
    """Polls that may be under way at once in each lane."""

    site_window: Annotated[int, Field(ge=1, le=5_000)] = 50
    """Polls that may be under way at once in each lane towards one site, so that a thin line is not filled."""

    roster_s: Annotated[float, Field(ge=0.2, le=300)] = 5.0
    """Seconds between two questions for a newer roster. An unchanged one costs the API next to nothing."""

    spool_rows: Annotated[int, Field(ge=1_000, le=10_000_000)] = 100_000
    """Reports that may wait on disk while the API is away. Beyond it the oldest are dropped and counted."""

    spool_bytes: Annotated[int, Field(ge=1_000_000, le=10_000_000_000)] = 256_000_000
    """Size that the file of waiting reports may reach, in octets."""

    @model_validator(mode="after")
    def _together(self) -> "Settings":
        if self.token is None and self.token_file is None:
            raise ValueError("token_file (or token, in the environment) is needed")
        if self.listen_fds and len(self.listen_fds) != self.workers:
            raise ValueError("listen_fds must hold one socket per worker")
        if self.workers > 1 and not self.listen_fds:
            first = self.port
            if first == 0 or first + self.workers > 65_535:
                raise ValueError("listen must name a port, with room for one more per worker")
        return self

    @property
    def host(self) -> str:
        """Return the host part of `listen`, without brackets."""
        return self.listen.rpartition(":")[0].strip("[]")

    @property
    def port(self) -> int:
        """Return the port of `listen`."""
        return int(self.listen.rpartition(":")[2])

    @property
    def trap_address(self) -> tuple[str, int] | None:
        """Return host and port of `traps`, or `None` if none are taken."""
        if self.traps is None:
            return None
        host, _, port = self.traps.rpartition(":")
        return host.strip("[]"), int(port)

    def tokens(self) -> tuple[str, ...]:
        """Return the tokens to try, the preferred one first; the file is read anew each time.

        Raises:
            BadSettings: The file cannot be read, or holds no token.
        """
        return _tokens_of(self.token_file) if self.token_file else (self._given_token(),)

    def _given_token(self) -> str:
        return self.token.get_secret_value() if self.token else ""


def _tokens_of(path: Path) -> tuple[str, ...]:
    try:
        with path.open("rb") as file:
            lines = file.read(MOST_FILE_BYTES).decode("ascii").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise BadSettings(
            Text(
                vi="token_file: không đọc được {path}. Kiểm tra tệp có tồn tại và người chạy dịch vụ có quyền đọc.",
                en="token_file: cannot read {path}. Check that it exists and that this user may read it.",
            ).fill(path=path)
        ) from error
    tokens = tuple(line.strip() for line in lines if line.strip())[:2]
    if not tokens:
        raise BadSettings(Text(vi="token_file: tệp {path} trống.", en="token_file: {path} is empty.").fill(path=path))
    return tokens


def load(file: Path | None = None, environ: Mapping[str, str] | None = None, **given: object) -> Settings:
    """Return checked settings; what is given beats the environment, which beats the file.

    Args:
        file: TOML file with one key per setting, or none.
        environ: Variables to look at; the process' own by default.
        given: Settings that the calling program chose; `None` counts as not given.

    Raises:
        BadSettings: A setting is unknown, missing or out of its range; all of them are named.
    """
    values: dict[str, Any] = _from_file(file) if file else {}
    values |= _from_environment(os.environ if environ is None else environ)
    values |= {name: value for name, value in given.items() if value is not None}
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        raise BadSettings(*(_problem(dict(part)) for part in error.errors(include_input=False))) from None


def _from_file(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            return tomllib.loads(file.read(MOST_FILE_BYTES).decode())
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadSettings(
            Text(
                vi="Không đọc được tệp cài đặt {path}: {why}.", en="The settings file {path} cannot be read: {why}."
            ).fill(path=path, why=type(error).__name__ if isinstance(error, UnicodeDecodeError) else error)
        ) from error


def _from_environment(environ: Mapping[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, value in environ.items():
        if name.startswith(PREFIX) and value:
            key = name.removeprefix(PREFIX).lower()
            values[key] = tuple(value.split(",")) if key == "listen_fds" else value
    return values


def _problem(part: dict[str, Any]) -> Text:
    name = ".".join(str(step) for step in part["loc"])
    if part["type"] == "extra_forbidden":
        return Text(
            vi="{name}: không có cài đặt nào tên như vậy. Kiểm tra chính tả hoặc xóa dòng này.",
            en="{name}: there is no such setting. Check the spelling or remove it.",
        ).fill(name=name)
    if part["type"] == "missing":
        return Text(vi="{name}: thiếu cài đặt này.", en="{name}: this setting is missing.").fill(name=name)
    reason = str(part["msg"]).removeprefix("Value error, ")
    return Text(vi="{name}: giá trị chưa đúng ({reason}).", en="{name}: the value is not right ({reason}).").fill(
        name=name or "token_file, listen", reason=reason
    )
