"""Door to the HTTP API of Prometheus: charts, single values, and the alerts that are active now.

Its methods wait for the network, so call them from a worker thread. Every answer is bounded in time and octets.
"""

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Final, Literal, TypeVar

import httpx
from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from inventory.errors import QuangError, Unavailable
from inventory.text import Text

MOST_BYTES: Final = 32_000_000
"""Octets of an answer; a longer one is cut off and refused."""

MOST_POINTS: Final = 11_000
"""Points of one series that Prometheus itself gives at most."""

Labels = dict[str, str]


class WrongQuery(QuangError):
    """Prometheus understood who asks but not what, or the answer would be too large."""

    code = "wrong_query"


@dataclass(frozen=True, slots=True)
class Value:
    """One series at one moment.

    Attributes:
        at: Aware UTC.
        value: May be infinite or not a number.
    """

    labels: Labels
    at: datetime
    value: float


@dataclass(frozen=True, slots=True)
class Series:
    """One series over a time.

    Attributes:
        points: (Unix seconds, value) in the order of time; a step without a sample is missing.
    """

    labels: Labels
    points: list[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class ActiveAlert:
    """An alert that Prometheus holds active.

    Attributes:
        state: `pending` while its condition has not held long enough, then `firing`.
        active_at: When the condition began to hold; aware UTC.
    """

    labels: Labels
    annotations: Labels
    state: Literal["pending", "firing"]
    active_at: datetime


class Prometheus:
    """One Prometheus server. Safe to share between threads."""

    def __init__(self, url: str, timeout_s: float = 10.0) -> None:
        """Prepare the connection; nothing is sent yet.

        Args:
            url: Base address.
            timeout_s: Seconds for connecting and for each silence while reading.
        """
        self._client = httpx.Client(base_url=url, timeout=timeout_s, trust_env=False, follow_redirects=False)

    def close(self) -> None:
        """Let the connections go."""
        self._client.close()

    def query(self, expr: str, at: datetime | None = None) -> list[Value]:
        """Return the value of an expression for each of its series.

        Args:
            expr: PromQL that gives an instant vector or a scalar.
            at: The moment; now if absent.

        Raises:
            Unavailable: Prometheus does not answer.
            WrongQuery: It refuses the expression.
        """
        values = {"query": expr} | ({"time": _unix(at)} if at else {})
        data = _read(_Query, self._ask("POST", "/api/v1/query", values)).data
        if isinstance(data, _Scalar):
            return [Value({}, _moment(data.result[0]), data.result[1])]
        return [Value(one.metric, _moment(one.value[0]), one.value[1]) for one in data.result]

    def query_range(self, expr: str, start: datetime, end: datetime, step_s: float) -> list[Series]:
        """Return an expression at each step of a time.

        Args:
            expr: PromQL.
            start: First moment.
            end: Last moment, not before `start`.
            step_s: Seconds between two points; at most `MOST_POINTS` of them.

        Raises:
            Unavailable: Prometheus does not answer.
            WrongQuery: It refuses the expression, or there would be too many points.
        """
        if step_s <= 0 or not 0 <= (end - start).total_seconds() / step_s <= MOST_POINTS:
            raise WrongQuery(_TOO_MANY, _FEWER)
        values = {"query": expr, "start": _unix(start), "end": _unix(end), "step": f"{step_s:g}"}
        data = _read(_Range, self._ask("POST", "/api/v1/query_range", values)).data
        return [Series(one.metric, one.values) for one in data.result]

    def samples(self, selector: str, at: datetime) -> list[Series]:
        """Return stored samples with their own times.

        Args:
            selector: A range selector (`ALERTS[10s]`).
            at: Its end.

        Raises:
            Unavailable: Prometheus does not answer.
            WrongQuery: It refuses the selector.
        """
        data = _read(_Range, self._ask("POST", "/api/v1/query", {"query": selector, "time": _unix(at)})).data
        return [Series(one.metric, one.values) for one in data.result]

    def alerts(self) -> list[ActiveAlert]:
        """Return all active alerts.

        Raises:
            Unavailable: Prometheus does not answer.
        """
        found = _read(_Alerts, self._ask("GET", "/api/v1/alerts")).data.alerts
        return [ActiveAlert(one.labels, one.annotations, one.state, one.active_at) for one in found]

    def started_at(self) -> datetime:
        """Return when it was started.

        Raises:
            Unavailable: Prometheus does not answer.
        """
        return _read(_Runtime, self._ask("GET", "/api/v1/status/runtimeinfo")).data.started_at

    def _ask(self, method: str, path: str, values: Mapping[str, str] | None = None) -> bytes:
        with _answering(), self._client.stream(method, path, data=values) as response:
            body = bytearray()
            for part in response.iter_bytes():
                body += part
                if len(body) > MOST_BYTES:
                    raise WrongQuery(_TOO_LARGE, _FEWER)
        if response.status_code in {400, 422}:
            raise WrongQuery(_REFUSED.fill(why=_reason(bytes(body))), _CORRECT)
        if response.status_code != 200:
            raise _unavailable(f"HTTP {response.status_code}")
        return bytes(body)


def _sample(value: object) -> object:
    # [<unix seconds>, "<number as text>"]: PromQL's own spelling of infinities is Python's too.
    return (value[0], float(value[1])) if isinstance(value, list | tuple) and len(value) == 2 else value


_Sample = Annotated[tuple[float, float], BeforeValidator(_sample)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, populate_by_name=True)


_Answer = TypeVar("_Answer", bound=_Part)


class _Point(_Part):
    metric: Labels
    value: _Sample


class _Vector(_Part):
    kind: Literal["vector"] = Field(alias="resultType")
    result: list[_Point]


class _Scalar(_Part):
    kind: Literal["scalar"] = Field(alias="resultType")
    result: _Sample


class _Query(_Part):
    data: Annotated[_Vector | _Scalar, Field(discriminator="kind")]


class _Row(_Part):
    metric: Labels
    values: list[_Sample]


class _Matrix(_Part):
    kind: Literal["matrix"] = Field(alias="resultType")
    result: list[_Row]


class _Range(_Part):
    data: _Matrix


class _Alert(_Part):
    labels: Labels
    annotations: Labels = Field(default_factory=dict)
    state: Literal["pending", "firing"]
    active_at: AwareDatetime = Field(alias="activeAt")


class _AlertList(_Part):
    alerts: list[_Alert]


class _Alerts(_Part):
    data: _AlertList


class _RuntimeInfo(_Part):
    started_at: AwareDatetime = Field(alias="startTime")


class _Runtime(_Part):
    data: _RuntimeInfo


def _read(kind: type[_Answer], body: bytes) -> _Answer:
    try:
        return kind.model_validate_json(body)
    except ValidationError:
        raise _unavailable("the answer is not Prometheus'") from None


class _Refusal(_Part):
    error: str = ""


def _reason(body: bytes) -> str:
    try:
        return _Refusal.model_validate_json(body).error[:300]
    except ValidationError:
        return ""


@contextlib.contextmanager
def _answering() -> Iterator[None]:
    try:
        yield
    except httpx.HTTPError as error:
        raise _unavailable(type(error).__name__) from error


def _unavailable(why: str) -> Unavailable:
    return Unavailable(
        Text(vi="Prometheus không trả lời ({why}).", en="Prometheus does not answer ({why}).").fill(why=why),
        Text(
            vi="Chờ một phút: chương trình tự khởi động lại. Nếu vẫn vậy, báo người quản trị xem nhật ký.",
            en="Wait a minute: it is started again by itself. Otherwise have an administrator read the log.",
        ),
    )


def _unix(at: datetime) -> str:
    return f"{at.timestamp():.3f}"


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


_REFUSED: Final = Text(vi="Prometheus không nhận biểu thức: {why}.", en="Prometheus refuses the expression: {why}.")
_CORRECT: Final = Text(vi="Sửa biểu thức rồi thử lại.", en="Correct the expression and try again.")
_TOO_MANY: Final = Text(vi="Khoảng thời gian có quá nhiều điểm.", en="The time has too many points.")
_TOO_LARGE: Final = Text(vi="Kết quả quá lớn.", en="The answer is too large.")
_FEWER: Final = Text(vi="Chọn khoảng ngắn hơn hoặc bước dài hơn.", en="Choose a shorter time or a longer step.")
