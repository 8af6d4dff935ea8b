"""From what people write in a cell to the value of a field: Vietnamese dates, money, decimal commas, yes and no."""

import difflib
import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum, StrEnum
from types import UnionType
from typing import Any, Final, Literal, Union, get_args, get_origin
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime

from inventory.cells import Cell
from inventory.choice_words import CHOICES, SWITCH_WORDS
from inventory.fields import EARLIEST, LATEST
from inventory.noun import Noun
from inventory.spelling import fold
from inventory.text import Text, same


class Kind(StrEnum):
    """What a field holds."""

    TEXT = "text"
    WHOLE = "whole"
    DECIMAL = "decimal"
    SWITCH = "switch"
    DAY = "day"
    MOMENT = "moment"
    CHOICE = "choice"
    STRUCTURE = "structure"


class Misread(Exception):
    """A cell that is no value of its field.

    Attributes:
        code: Stable name of what is wrong.
        message: What is wrong.
        suggestion: What might be meant.
    """

    def __init__(self, code: str, message: Text, suggestion: Text | None = None) -> None:
        super().__init__(message.en)
        self.code = code
        self.message = message
        self.suggestion = suggestion


def kind_of(noun: Noun, field: str) -> Kind:
    """Return what a field of the noun holds; references are texts."""
    if (noun.path, field) in CHOICES:
        return Kind.CHOICE
    model = noun.create or noun.read
    kind = _bare(model.model_fields[field].annotation)
    if kind is AwareDatetime:
        return Kind.MOMENT
    if get_origin(kind) in {dict, list}:
        return Kind.STRUCTURE
    for base, name in (
        (Enum, Kind.TEXT), (bool, Kind.SWITCH), (int, Kind.WHOLE), (float, Kind.DECIMAL), (datetime, Kind.MOMENT),
        (date, Kind.DAY),
    ):  # fmt: skip
        if isinstance(kind, type) and issubclass(kind, base):
            return name
    return Kind.TEXT


def _bare(annotation: Any) -> Any:  # noqa: ANN401 - any annotation
    """Return an annotation without `None` and without bounds."""
    if get_origin(annotation) in {Union, UnionType}:
        kinds = [kind for kind in get_args(annotation) if kind is not type(None)]
        return _bare(kinds[0])
    if hasattr(annotation, "__metadata__"):
        return _bare(annotation.__origin__)
    return str if get_origin(annotation) is Literal else annotation


@dataclass(frozen=True, slots=True)
class Reading:
    """How cells of one file are read.

    Attributes:
        epoch: Day 0 of dates written as plain numbers.
        zone: Where times without a zone were written.
    """

    epoch: date
    zone: ZoneInfo

    def value(self, noun: Noun, field: str, kind: Kind, cell: Cell) -> Any:  # noqa: ANN401 - any field's value
        """Return the value of a cell that is not empty.

        Raises:
            Misread: The cell is no such value.
        """
        if kind is Kind.CHOICE:
            return _choice(CHOICES[noun.path, field], cell)
        readers: dict[Kind, Callable[[Cell], Any]] = {
            Kind.TEXT: _text,
            Kind.WHOLE: _whole,
            Kind.DECIMAL: _decimal,
            Kind.SWITCH: _switch,
            Kind.DAY: self._day,
            Kind.MOMENT: self._moment,
            Kind.STRUCTURE: _structure,
        }
        return readers[kind](cell)

    def _day(self, cell: Cell) -> date:
        if isinstance(cell, datetime):
            return cell.date()
        if isinstance(cell, date):
            return cell
        text = str(cell).strip()
        if isinstance(cell, int | float) and not isinstance(cell, bool):
            text = _plain(cell)
        if re.fullmatch(r"\d{5}", text):
            return _in_range(self.epoch + timedelta(days=int(text)))
        found = _VIETNAMESE_DAY.fullmatch(text) or _ISO_DAY.fullmatch(text)
        if found is None:
            raise Misread("date_parsing", _NO_DAY, _day_hint(text))
        try:
            return _in_range(date(int(found["y"]), int(found["m"]), int(found["d"])))
        except ValueError:
            raise Misread("date_parsing", _NO_SUCH_DAY, _day_hint(text)) from None

    def _moment(self, cell: Cell) -> datetime:
        if isinstance(cell, datetime):
            return cell if cell.tzinfo else cell.replace(tzinfo=self.zone)
        if isinstance(cell, str):
            text = cell.strip()
            try:
                moment = datetime.fromisoformat(text)
            except ValueError:
                pass
            else:
                return moment if moment.tzinfo else moment.replace(tzinfo=self.zone)
            day, _, clock = text.partition(" ")
            parts = _CLOCK.fullmatch(clock.strip()) if clock else None
            if parts is not None:
                start = self._day(day)
                return datetime(
                    start.year, start.month, start.day, int(parts["h"]), int(parts["m"]), int(parts["s"] or 0),
                    tzinfo=self.zone,
                )  # fmt: skip
        if isinstance(cell, float):
            whole = self._day(int(cell))
            start = datetime(whole.year, whole.month, whole.day, tzinfo=self.zone)
            return start + timedelta(seconds=round(cell % 1 * 86_400))
        start = self._day(cell)
        return datetime(start.year, start.month, start.day, tzinfo=self.zone)


def nearest(wanted: str, known: Mapping[str, str]) -> str | None:
    """Return what is written most like `wanted`.

    Args:
        wanted: As somebody wrote it.
        known: What there is, by its spelling without case and diacritics.
    """
    near = difflib.get_close_matches(fold(wanted)[:80], known, n=1, cutoff=0.6)
    return known[near[0]] if near else None


def _text(cell: Cell) -> str:
    if isinstance(cell, str):
        return unicodedata.normalize("NFC", cell.replace("\r\n", "\n")).strip()
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int | float):
        if abs(cell) >= 1e15:
            # A spreadsheet program keeps 15 figures of a number; the others are zeros by now.
            raise Misread("rounded", _ROUNDED, _AS_TEXT)
        return _plain(cell)
    return cell.isoformat()


def _plain(number: float) -> str:
    return str(int(number)) if float(number).is_integer() else repr(number)


def _whole(cell: Cell) -> int:
    if isinstance(cell, str):
        text = _figures(cell)
        for sign, other in ((".", ","), (",", ".")):
            if re.fullmatch(rf"-?\d{{1,3}}(?:{re.escape(sign)}\d{{3}})+(?:{re.escape(other)}0+)?", text):
                text = text.partition(other)[0].replace(sign, "")
        text = re.sub(r"[.,]0{1,2}$", "", text)
        if not re.fullmatch(r"-?\d{1,18}", text):
            raise Misread("int_parsing", _NO_WHOLE, _LIKE_MONEY)
        return int(text)
    if isinstance(cell, bool | date) or not float(cell).is_integer():
        raise Misread("int_parsing", _NO_WHOLE, _LIKE_MONEY)
    return int(cell)


def _decimal(cell: Cell) -> float:
    if isinstance(cell, bool | date):
        raise Misread("float_parsing", _NO_DECIMAL, same("22,4192"))
    if not isinstance(cell, str):
        return float(cell)
    text = _figures(cell)
    share = text.endswith("%")
    text = text.removesuffix("%")
    if "." in text and "," in text:
        last = max(text.rfind("."), text.rfind(","))
        text = re.sub(r"[.,]", "", text[:last]) + "." + text[last + 1 :]
    elif text.count(",") == 1:
        text = text.replace(",", ".")
    if not re.fullmatch(r"-?\d{1,18}(?:\.\d{1,20})?(?:e[+-]?\d{1,3})?", text):
        raise Misread("float_parsing", _NO_DECIMAL, same("22,4192"))
    return float(text) / (100 if share else 1)


def _figures(text: str) -> str:
    """Return a number as written, without blanks and the words for đồng."""
    text = re.sub(r"[\s\u00a0\u202f'’]", "", text.strip().lower()).replace("−", "-")
    return re.sub(r"^(?:vnđ|vnd|₫)|(?:đồng|vnđ|vnd|đ|₫)\.?$", "", text)


def _switch(cell: Cell) -> bool:
    if isinstance(cell, bool):
        return cell
    found = SWITCH_WORDS.get(fold(str(cell)))
    if found is None:
        raise Misread("bool_parsing", _NO_SWITCH, Text(vi="có", en="yes"))
    return found


def _choice(words: Mapping[str, Text], cell: Cell) -> str:
    wanted = fold(str(cell))
    spelled: dict[str, str] = {}
    for value, text in words.items():
        for word in (str(value), str(value).replace("_", " "), text.vi, text.en):
            spelled.setdefault(fold(word), str(value))
    if wanted in spelled:
        return spelled[wanted]
    known = Text(vi=", ".join(one.vi for one in words.values()), en=", ".join(one.en for one in words.values()))
    near = nearest(wanted, spelled)
    hint = None if near is None else next(text for value, text in words.items() if str(value) == near)
    raise Misread("not_a_choice", _NO_CHOICE.fill(known=known), hint)


def _structure(cell: Cell) -> Any:  # noqa: ANN401 - any JSON value
    text = str(cell)
    if _FIGURES.fullmatch(text):
        return {name.lower(): int(figure) for name, figure in _ONE_FIGURE.findall(text)}
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise Misread("json", _NO_STRUCTURE, same("ports: 5")) from None


def structure_text(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Return a structure as it stands in a cell: whole numbers by name as people write them, all else as JSON."""
    if isinstance(value, dict) and all(type(one) is int for one in value.values()):
        text = ", ".join(f"{name}: {figure}" for name, figure in sorted(value.items()))
        if _FIGURES.fullmatch(text) and text == text.lower():
            return text
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _refuse_constant(word: str) -> None:
    raise ValueError(word)


def _in_range(day: date) -> date:
    if not EARLIEST <= day <= LATEST:
        raise Misread("out_of_range", _OUT_OF_RANGE.fill(first=EARLIEST.year, last=LATEST.year))
    return day


def _day_hint(text: str) -> Text | None:
    """Return what a day with the month first, or with a short year, would be here."""
    found = re.fullmatch(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{2}|\d{4})", text)
    if found is None:
        return same("31/12/2018")
    first, second, year = int(found[1]), int(found[3]), found[4] if len(found[4]) == 4 else f"20{found[4]}"
    if first <= 12 < second <= 31:
        first, second = second, first
    try:
        return same(f"{date(int(year), second, first):%d/%m/%Y}")
    except ValueError:
        return same("31/12/2018")


_VIETNAMESE_DAY: Final = re.compile(r"(?P<d>\d{1,2})[/.-](?P<m>\d{1,2})[/.-](?P<y>\d{4})")
_ISO_DAY: Final = re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})(?:[T ]00:00(?::00)?)?")
_ONE_FIGURE: Final = re.compile(r"([A-Za-z_][A-Za-z0-9_]{0,40})\s*[:=]\s*(\d{1,15})")
_FIGURES: Final = re.compile(rf"\s*{_ONE_FIGURE.pattern}\s*(?:[,;]\s*{_ONE_FIGURE.pattern}\s*)*")
_CLOCK: Final = re.compile(r"(?P<h>[01]?\d|2[0-3])[:hg](?P<m>[0-5]\d)(?::(?P<s>[0-5]\d))?")

_NO_DAY: Final = Text(
    vi="Cần ngày/tháng/năm với năm bốn chữ số.", en="A date as day/month/year with four figures of the year is needed."
)
_NO_SUCH_DAY: Final = Text(vi="Không có ngày này (ghi ngày trước, tháng sau).", en="There is no such day (day first).")
_OUT_OF_RANGE: Final = Text(vi="Năm phải từ {first} đến {last}.", en="The year has to be from {first} to {last}.")
_NO_WHOLE: Final = Text(vi="Cần một số nguyên.", en="A whole number is needed.")
_LIKE_MONEY: Final = same("1.250.000")
_NO_DECIMAL: Final = Text(vi="Cần một số.", en="A number is needed.")
_NO_SWITCH: Final = Text(vi="Chỉ nhận: có, không.", en="This has to be yes or no.")
_NO_CHOICE: Final = Text(vi="Chỉ nhận: {known}.", en="This has to be one of: {known}.")
_NO_STRUCTURE: Final = Text(
    vi="Cần viết dạng “tên: số, tên: số” hoặc JSON đúng.", en="“name: number, name: number” or correct JSON is needed."
)
_ROUNDED: Final = Text(
    vi="Excel đã làm tròn số quá dài này; các chữ số cuối không còn đúng.",
    en="A spreadsheet program has rounded this long number; its last figures are wrong.",
)
_AS_TEXT: Final = Text(vi="Định dạng cột là Văn bản rồi gõ lại.", en="Format the column as text and type it again.")
