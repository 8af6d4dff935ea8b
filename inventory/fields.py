"""Types of the fields that people and programs send, each with its bounds, and the bases of the models made of them."""

import re
import unicodedata
from datetime import date, datetime
from ipaddress import ip_address
from typing import Annotated, Any, Final, NoReturn
from urllib.parse import urlsplit

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, create_model

from inventory.spelling import is_storable
from inventory.text import Text

EARLIEST: Final = date(1950, 1, 1)
LATEST: Final = date(2150, 12, 31)

UNREADABLE_CODE: Final = "control_character"
UNREADABLE: Final = Text(
    vi="Có ký tự điều khiển không đọc được.", en="There is a character in it that nobody can read."
)

_SLUG: Final = re.compile(r"[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?")
_MAC: Final = re.compile(r"(?:[0-9a-f]{2}[:-]?){5}[0-9a-f]{2}|(?:[0-9a-f]{4}\.){2}[0-9a-f]{4}")
_HOST: Final = re.compile(
    r"(?=.{1,253}\Z)(?!-)[a-z0-9-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9-]{1,63}(?<!-))*\.?", re.IGNORECASE
)
_CLOCK: Final = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d|24:00")


def refuse(code: str, vi: str, en: str, **places: object) -> NoReturn:
    """Refuse a value inside a validator, with a code for programs and a sentence for people.

    Raises:
        ValueError: Always; `inventory.wording` turns it into the field's problem.
    """
    raise ValueError(Text(vi=vi, en=en).fill(**places), code)


def _stripped(value: Any) -> Any:  # noqa: ANN401 - whatever was sent
    return value.strip() if isinstance(value, str) else value


def _slug(value: str) -> str:
    if _SLUG.fullmatch(value) is None:
        refuse(
            "slug",
            "Chỉ dùng chữ thường không dấu, số, dấu chấm, gạch ngang, gạch dưới; bắt đầu và kết thúc bằng chữ hoặc số.",
            "Use lower-case letters, digits, dot, dash and underscore; begin and end with a letter or digit.",
        )
    return value


def _composed(value: str) -> str:
    # Spreadsheets and some keyboards write decomposed letters, which look alike and compare unlike.
    value = unicodedata.normalize("NFC", value).strip()
    if not is_storable(value):
        refuse(UNREADABLE_CODE, UNREADABLE.vi, UNREADABLE.en)
    return value


def _composed_lines(value: str) -> str:
    value = unicodedata.normalize("NFC", value.replace("\r\n", "\n")).strip()
    if not is_storable(value, lines=True):
        refuse(UNREADABLE_CODE, UNREADABLE.vi, UNREADABLE.en)
    return value


def _whole(value: Any) -> Any:  # noqa: ANN401 - whatever was sent
    if isinstance(value, bool):
        refuse("int_type", "Cần một số nguyên.", "A whole number is needed.")
    return value


def _day(value: Any) -> Any:  # noqa: ANN401 - whatever was sent
    # A bare number would be read as seconds since 1970.
    if isinstance(value, str | date) and not isinstance(value, datetime):
        return value
    refuse("date_type", "Cần ngày dạng 2018-12-31.", "A date like 2018-12-31 is needed.")


def _moment(value: Any) -> Any:  # noqa: ANN401 - whatever was sent
    if isinstance(value, str | datetime):
        return value
    refuse(
        "datetime_type",
        "Cần thời điểm dạng 2018-12-31T07:30:00+07:00.",
        "A time like 2018-12-31T07:30:00+07:00 is needed.",
    )


def _address(value: str) -> str:
    try:
        address = ip_address(value.strip())
    except ValueError:
        refuse(
            "ip_address",
            "Cần địa chỉ IP viết bằng số, ví dụ 10.20.0.1, không dùng tên máy.",
            "An IP address in figures is needed, like 10.20.0.1; not a name.",
        )
    if address.is_unspecified or address.is_multicast:
        refuse("ip_address", "Địa chỉ này không phải của một máy.", "This is no address of a single machine.")
    return str(address)


def _mac(value: str) -> str:
    lowered = value.strip().lower()
    if not lowered:
        return ""
    if _MAC.fullmatch(lowered) is None:
        refuse("mac", "Cần địa chỉ MAC dạng 00:1a:2b:3c:4d:5e.", "A MAC address like 00:1a:2b:3c:4d:5e is needed.")
    digits = re.sub(r"[^0-9a-f]", "", lowered)
    return ":".join(digits[n : n + 2] for n in range(0, 12, 2))


def _url(value: str) -> str:
    value = value.strip()
    if not value:
        return ""
    try:
        parts = urlsplit(value)
        port_ok = parts.port is None or parts.port > 0
    except ValueError:
        refuse("url", "Địa chỉ web viết sai.", "The web address is not well formed.")
    if parts.scheme.lower() not in {"http", "https"}:
        refuse("url_scheme", "Địa chỉ web bắt đầu bằng http:// hoặc https://.", "It begins with http:// or https://.")
    if parts.username is not None or parts.password is not None:
        refuse(
            "url_credentials",
            "Không ghi tên đăng nhập hay mật khẩu trong địa chỉ; dùng “thông tin đăng nhập thiết bị”.",
            "Keep user name and password out of the address; use a credential.",
        )
    if not parts.hostname or not port_ok or any(c.isspace() or c in '<>"\\^`{|}' for c in value):
        refuse("url", "Địa chỉ web viết sai.", "The web address is not well formed.")
    return value


def _host(value: str) -> str:
    value = value.strip().lower()
    if value and _HOST.fullmatch(value) is None:
        try:
            return str(ip_address(value))
        except ValueError:
            refuse("host", "Cần tên máy hoặc địa chỉ IP.", "A host name or an IP address is needed.")
    return value


def _hours(value: dict[str, list[str]]) -> dict[str, list[str]]:
    for weekday, (start, end) in value.items():
        if weekday not in "1234567" or len(weekday) != 1:
            refuse(
                "weekday", "Ngày trong tuần là số từ 1 (thứ Hai) đến 7.", "A weekday is a figure from 1 (Monday) to 7."
            )
        if not (_CLOCK.fullmatch(start) and _CLOCK.fullmatch(end) and start < end):
            refuse(
                "hours",
                "Cần giờ bắt đầu và giờ kết thúc sau đó, ví dụ 07:30 và 17:00.",
                "A start and a later end are needed, like 07:30 and 17:00.",
            )
    return value


Slug = Annotated[
    str,
    BeforeValidator(_stripped),
    Field(min_length=1, max_length=64, description="Lower-case letters, digits, dot, dash, underscore; never changes."),
    AfterValidator(_slug),
]
"""A stable name: lower-case letters, digits, dot, dash, underscore; 1 to 64 characters."""

Key = Annotated[str, BeforeValidator(_stripped), AfterValidator(_composed), Field(min_length=1, max_length=64)]
"""The key of something else in the books."""

Tag = Annotated[str, BeforeValidator(_stripped), AfterValidator(_composed), Field(min_length=1, max_length=64)]
"""The number on an asset's label."""

Name = Annotated[str, BeforeValidator(_stripped), AfterValidator(_composed), Field(min_length=1, max_length=200)]
Line = Annotated[str, AfterValidator(_composed), Field(max_length=40)]
Line64 = Annotated[str, AfterValidator(_composed), Field(max_length=64)]
Line120 = Annotated[str, AfterValidator(_composed), Field(max_length=120)]
Line200 = Annotated[str, AfterValidator(_composed), Field(max_length=200)]
Line300 = Annotated[str, AfterValidator(_composed), Field(max_length=300)]
Note = Annotated[str, AfterValidator(_composed_lines), Field(max_length=2000)]
Money = Annotated[int, BeforeValidator(_whole), Field(ge=0, le=1_000_000_000_000)]
"""Whole đồng, 0 to a trillion."""
Whole = Annotated[int, BeforeValidator(_whole), Field(ge=0, le=1_000_000_000_000)]
Port = Annotated[int, BeforeValidator(_whole), Field(ge=1, le=65_535)]
Day = Annotated[date, BeforeValidator(_day), Field(ge=EARLIEST, le=LATEST)]
Moment = Annotated[AwareDatetime, BeforeValidator(_moment)]
Address = Annotated[str, AfterValidator(_address), Field(max_length=64)]
Mac = Annotated[str, AfterValidator(_mac), Field(max_length=17)]
Url = Annotated[str, AfterValidator(_url), Field(max_length=2000)]
Host = Annotated[str, AfterValidator(_host), Field(max_length=253)]
Dbm = Annotated[float, Field(ge=-60, le=20, allow_inf_nan=False)]
Pair = Annotated[list[str], Field(min_length=2, max_length=2)]
Hours = Annotated[dict[str, Pair], AfterValidator(_hours), Field(max_length=7)]
"""Hours by weekday, 1 is Monday: `{"1": ["07:30", "17:00"]}`."""


class Entry(BaseModel):
    """Base of what is sent to create or change something; unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class Record(BaseModel):
    """Base of what is read: every noun shows these beside its own fields.

    Attributes:
        id: Internal number.
        key: The name by which the object is asked for.
        version: For the entity tag.
    """

    id: int
    key: str
    version: int
    created_at: datetime
    updated_at: datetime
    retired_at: datetime | None = None


def changes_of(model: type[Entry], name: str) -> type[Entry]:
    """Return the model of a change: the fields of `model`, none of them needed; what is not sent stays as it is."""
    fields: dict[str, Any] = {}
    for field, info in model.model_fields.items():
        kept = Annotated[info.annotation, *info.metadata] if info.metadata else info.annotation
        fields[field] = (kept, Field(default=None, description=info.description, json_schema_extra=_without_default))
    return create_model(name, __base__=Entry, __doc__=f"A change: {model.__doc__}", **fields)


def _without_default(schema: dict[str, Any]) -> None:
    schema.pop("default", None)


def sent(model: BaseModel) -> dict[str, Any]:
    """Return the fields that were sent, as Python values."""
    return {name: getattr(model, name) for name in model.model_fields_set}
