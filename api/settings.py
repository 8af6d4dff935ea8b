"""Settings: `quang.toml` in the home folder, overlaid by environment variables. Anything unknown stops the start.

Every setting has one name in the file (`[web] port`) and one in the environment (`QUANG_WEB_PORT`).
"""

import os
import tomllib
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Final, Literal, get_args, get_origin
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic.fields import FieldInfo

from alerts.rule import Threshold
from alerts.thresholds import THRESHOLDS
from inventory.access.sessions import Limits
from inventory.errors import FieldProblem, Invalid
from inventory.settings import Settings as InventorySettings
from inventory.text import DEFAULT_LANGUAGE, Language, Text
from inventory.wording import text_of

FILE_NAME: Final = "quang.toml"
PREFIX: Final = "QUANG_"
HOME_VARIABLE: Final = "QUANG_HOME"
_LARGEST_FILE: Final = 256 * 1024

Port = Annotated[int, Field(ge=1, le=65_535)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True, hide_input_in_errors=True)


class DatabaseSettings(_Table):
    """Where the books are kept."""

    url: str = Field(default="", max_length=1000, repr=False)
    """Address of the database: empty for the file `quang.db` in the home folder (SQLite), or
    `postgresql://user:password@host/name`."""

    @field_validator("url")
    @classmethod
    def _usable(cls, url: str) -> str:
        if url:
            try:
                InventorySettings(database_url=url, key_file=Path())
            except ValidationError:
                raise ValueError(_DATABASE_URL) from None
        return url


class WebSettings(_Table):
    """How people and programs reach the API and the pages."""

    host: str = Field(default="127.0.0.1", max_length=255)
    """Address to listen at; `0.0.0.0` opens it to the whole network."""

    port: Port = 8470
    """Port to listen at."""

    socket: str = Field(default="", max_length=107)
    """Path of a Unix socket to listen at as well; empty for none."""

    base_url: str = Field(default="", max_length=300, pattern=r"^(https?://[^\s/]+)?$")
    """Address under which people open the pages, for the links in messages (`https://quang.example.vn`); empty for
    `http://HOST:PORT`."""

    tls: bool = False
    """Whether people reach the pages by https (through a proxy that ends TLS): cookies are then sent by https only,
    and browsers are told to stay with it."""

    trusted_proxies: tuple[str, ...] = ("127.0.0.1",)
    """Addresses of proxies whose `X-Forwarded-For` is believed, separated by commas."""

    body_limit_bytes: int = Field(default=1024 * 1024, ge=1024, le=64 * 1024 * 1024)
    """Largest request body in bytes."""

    deadline_s: float = Field(default=30.0, gt=0, le=600)
    """Seconds within which a request has to arrive wholly and its answer has to begin."""

    connections: int = Field(default=400, ge=10, le=10_000)
    """Connections served at once; further ones are answered 503."""


class AccessSettings(_Table):
    """How long people stay signed in."""

    idle_minutes: float = Field(default=15, gt=0, le=15)
    """Minutes without a click after which a person is signed out; at most 15."""

    idle_minutes_administrator: float = Field(default=5, gt=0, le=5)
    """The same for administrators; at most 5."""

    absolute_hours: float = Field(default=12, gt=0, le=24)
    """Hours after which everybody has to sign in again."""

    @property
    def limits(self) -> Limits:
        """Return these as the sessions take them."""
        return Limits(
            idle=timedelta(minutes=self.idle_minutes),
            idle_administrator=timedelta(minutes=self.idle_minutes_administrator),
            absolute=timedelta(hours=self.absolute_hours),
        )


class MailSettings(_Table):
    """The mail server that takes messages to people."""

    host: str = Field(default="", max_length=255)
    """Name of the mail server; empty sends no mail."""

    port: Port = 587
    """Its port."""

    security: Literal["starttls", "tls", "none"] = "starttls"
    """`starttls` (usually port 587), `tls` (465) or `none` (only for a server on this machine)."""

    username: str = Field(default="", max_length=255)
    """User name at the mail server; empty for none."""

    password_file: str = Field(default="", max_length=1000)
    """File that holds the password, readable by the service only; empty for none."""

    sender: str = Field(default="", max_length=254)
    """Address that messages come from."""

    always_to: tuple[Annotated[str, Field(max_length=254, pattern=r"^[^@\s]+@[^@\s]+$")], ...] = ()
    """Addresses that are told of every incident, besides the accounts that receive alerts; separated by commas."""


class PrometheusSettings(_Table):
    """The Prometheus that is asked for charts and alerts."""

    url: str = Field(default="http://127.0.0.1:9490", max_length=300, pattern=r"^https?://\S+$")
    """Its address. `quang up` starts it there."""

    retention_days: int = Field(default=400, ge=1, le=3650)
    """Days for which `quang up` lets it keep samples."""

    timeout_s: float = Field(default=10.0, gt=0, le=60)
    """Seconds to wait for an answer."""


class AlertmanagerSettings(_Table):
    """The Alertmanager that groups alerts and hands them to the API."""

    url: str = Field(default="http://127.0.0.1:9493", max_length=300, pattern=r"^https?://\S+$")
    """Its address. `quang up` starts it there."""


class RulebookSettings(_Table):
    """The rulebooks of wear and norms."""

    folder: str = Field(default="", max_length=1000)
    """Folder of the office's own rulebooks, `*.yaml`, each of which replaces the one of the same key that ships; empty
    for `rulebooks` in the home folder. Start the program again after changing one; see `docs/depreciation.md`."""


class DiscoverySettings(_Table):
    """What is known of the devices that discovery finds."""

    maker_folder: str = Field(default="/usr/share/ieee-data", max_length=1000)
    """Folder of the IEEE's tables of makers by the beginning of a MAC (`oui.csv`, `mam.csv`, `oui36.csv`), as Debian's
    package `ieee-data` installs them; where they are missing no maker is shown. Start the program again after an
    update."""


class Settings(_Table):
    """All settings."""

    home: Path = Field(default_factory=lambda: default_home(os.environ))
    """Folder of the state: settings, key, database, caches and logs. Only in the environment."""

    language: Language = DEFAULT_LANGUAGE
    """Language of pages and messages where the reader has not chosen one: `vi` or `en`."""

    timezone: str = "Asia/Ho_Chi_Minh"
    """Time zone of pages and messages."""

    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """How much is written to the log."""

    thresholds: dict[str, float] = {}
    """Limits of the alarms that are to differ from their defaults, by name: in the file a table `[thresholds]` with
    lines like `link_loss_ratio = 0.1`, in the environment `link_loss_ratio=0.1,heat_celsius=60`. `docs/alerts.md` lists
    them all with their ranges. Rules and boards are written anew when `quang up` or `quang render` starts."""

    database: DatabaseSettings = DatabaseSettings()
    web: WebSettings = WebSettings()
    access: AccessSettings = AccessSettings()
    mail: MailSettings = MailSettings()
    prometheus: PrometheusSettings = PrometheusSettings()
    alertmanager: AlertmanagerSettings = AlertmanagerSettings()
    rulebooks: RulebookSettings = RulebookSettings()
    discovery: DiscoverySettings = DiscoverySettings()

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        if name not in available_timezones():
            raise ValueError(_TIME_ZONE)
        return name

    @field_validator("thresholds", mode="before")
    @classmethod
    def _from_words(cls, given: object) -> object:
        if not isinstance(given, str):
            return given
        pairs = [pair.partition("=") for pair in given.split(",") if pair.strip()]
        return {name.strip(): value.strip() for name, _, value in pairs}

    @field_validator("thresholds")
    @classmethod
    def _within_their_ranges(cls, given: dict[str, float]) -> dict[str, float]:
        known = {one.name: one for one in THRESHOLDS}
        for name, value in given.items():
            one = known.get(name)
            if one is None:
                raise ValueError(_NO_THRESHOLD.fill(name=name))
            if not one.low <= value <= one.high:
                raise ValueError(_RANGE.fill(name=name, low=f"{one.low:g}", high=f"{one.high:g}", unit=one.unit))
        return given

    def limit(self, threshold: Threshold) -> float:
        """Return the value of a threshold that holds here, in its unit."""
        return self.thresholds.get(threshold.name, threshold.default)

    @property
    def zone(self) -> ZoneInfo:
        """Return the time zone of pages and messages."""
        return ZoneInfo(self.timezone)

    @property
    def inventory(self) -> InventorySettings:
        """Return the part of the settings that the books need."""
        return InventorySettings(
            database_url=self.database.url or f"sqlite:///{self.home / 'quang.db'}",
            key_file=self.home / "key",
            timezone=self.timezone,
        )

    @property
    def rulebook_folder(self) -> Path:
        """Return the folder of the office's own rulebooks; it need not exist."""
        return self.home / (self.rulebooks.folder or "rulebooks")

    @property
    def base_url(self) -> str:
        """Return the address under which people open the pages, without a slash at the end."""
        return self.web.base_url or f"http://{self.web.host}:{self.web.port}"


class SettingsWrong(Invalid):
    """Settings are unknown or wrong; the program does not start.

    Attributes:
        source: The file, or the environment.
    """

    code = "settings"

    def __init__(self, problems: list[FieldProblem], source: str) -> None:
        super().__init__(problems)
        self.source = source
        self.reason = Text(vi="Cấu hình chưa đúng ({source}).", en="The settings are not right ({source}).").fill(
            source=source
        )
        self.first_step = Text(
            vi="Sửa các mục được nêu rồi khởi động lại; docs/settings.md liệt kê mọi mục.",
            en="Correct the settings named and start again; docs/settings.md lists all of them.",
        )

    def __str__(self) -> str:
        lines = [self.reason.vi, self.reason.en]
        lines += [f"  {p.field}: {p.message.vi} / {p.message.en}" for p in self.problems]
        return "\n".join([*lines, self.first_step.vi, self.first_step.en])


def default_home(environ: Mapping[str, str]) -> Path:
    """Return the folder of the state: `QUANG_HOME`, or `quang` in the user's data folder."""
    given = environ.get(HOME_VARIABLE, "")
    data = environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(given).expanduser().absolute() if given else Path(data) / "quang"


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings.

    Args:
        environ: Environment variables; those of the process if absent.

    Raises:
        SettingsWrong: A key or variable is unknown, a value is wrong, or the file cannot be read.
    """
    environment = os.environ if environ is None else environ
    home = default_home(environment)
    tree = _from_file(home / FILE_NAME)
    _overlay(tree, environment)
    return _built(tree | {"home": home}, f"{FILE_NAME}, {PREFIX}*")


def leaves(
    table: type[BaseModel] = Settings, above: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], FieldInfo]]:
    """Yield the path and the definition of every setting, in the order of the file."""
    nested: list[tuple[str, type[BaseModel]]] = []
    for name, field in table.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            nested.append((name, kind))
        else:
            yield (*above, name), field
    for name, kind in nested:
        yield from leaves(kind, (*above, name))


def variable_of(path: tuple[str, ...]) -> str:
    """Return the environment variable of a setting: `("web", "port")` is `QUANG_WEB_PORT`."""
    return PREFIX + "_".join(path).upper()


def is_list(field: FieldInfo) -> bool:
    """Tell whether a setting holds several values, which the environment separates by commas."""
    return get_origin(field.annotation) is tuple and bool(get_args(field.annotation))


def _from_file(path: Path) -> dict[str, Any]:
    try:
        octets = path.read_bytes()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise SettingsWrong([_problem("", "unreadable", _UNREADABLE.fill(why=error.strerror))], str(path)) from error
    if len(octets) > _LARGEST_FILE:
        raise SettingsWrong([_problem("", "too_large", _TOO_LARGE)], str(path))
    try:
        tree = tomllib.loads(octets.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsWrong([_problem("", "syntax", _SYNTAX.fill(why=error))], str(path)) from error
    if "home" in tree:
        raise SettingsWrong([_problem("home", "not_here", _HOME_HERE)], str(path))
    _built(tree | {"home": path.parent}, str(path))
    return tree


def _overlay(tree: dict[str, Any], environ: Mapping[str, str]) -> None:
    known = {variable_of(path): (path, field) for path, field in leaves()}
    unknown = sorted(name for name in environ if name.startswith(PREFIX) and name not in known)
    if unknown:
        raise SettingsWrong([_problem(name, "unknown", _UNKNOWN_VARIABLE) for name in unknown], f"{PREFIX}*")
    for name, (path, field) in known.items():
        if name in environ and name != HOME_VARIABLE:
            here = tree
            for part in path[:-1]:
                here = here.setdefault(part, {})
            given = environ[name]
            here[path[-1]] = tuple(w.strip() for w in given.split(",") if w.strip()) if is_list(field) else given


def _built(tree: dict[str, Any], source: str) -> Settings:
    try:
        return Settings.model_validate(tree)
    except ValidationError as error:
        problems = [
            _problem(".".join(map(str, one["loc"])), one["type"], text_of(one))
            for one in error.errors(include_url=False, include_input=False)
        ]
        raise SettingsWrong(problems, source) from None


def _problem(name: str, code: str, message: Text) -> FieldProblem:
    return FieldProblem(field=name or FILE_NAME, code=code, message=message)


_UNKNOWN_VARIABLE: Final = Text(vi="Không có biến cấu hình này.", en="There is no such setting variable.")
_UNREADABLE: Final = Text(vi="Không đọc được tệp: {why}.", en="The file cannot be read: {why}.")
_TOO_LARGE: Final = Text(vi="Tệp quá lớn.", en="The file is too large.")
_SYNTAX: Final = Text(vi="Sai cú pháp TOML: {why}.", en="This is not TOML: {why}.")
_HOME_HERE: Final = Text(
    vi="Thư mục dữ liệu chỉ đặt bằng biến QUANG_HOME.", en="The home folder is set by the variable QUANG_HOME only."
)
_DATABASE_URL: Final = Text(
    vi="Cần sqlite:///ĐƯỜNG_DẪN hoặc postgresql://NGƯỜI_DÙNG:MẬT_KHẨU@MÁY_CHỦ/TÊN.",
    en="This has to be sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME.",
)
_NO_THRESHOLD: Final = Text(vi="Không có ngưỡng tên {name}.", en="There is no threshold {name}.")
_RANGE: Final = Text(
    vi="{name} phải từ {low} đến {high} {unit}.", en="{name} has to lie between {low} and {high} {unit}."
)
_TIME_ZONE: Final = Text(vi="Không có múi giờ này.", en="There is no such time zone.")
