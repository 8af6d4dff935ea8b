"""Languages of the pages: translations, and numbers, dates and durations as each language writes them.

English is the source. Vietnamese is read directly from `locale/vi/LC_MESSAGES/quang.po`, so nothing has to be compiled.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from babel import Locale, dates, numbers
from babel.messages.pofile import read_po
from starlette.requests import HTTPConnection

from inventory.text import DEFAULT_LANGUAGE, LANGUAGES, Language

COOKIE: Final = "quang_language"
CATALOGUE: Final = Path(__file__).parents[1] / "locale" / "vi" / "LC_MESSAGES" / "quang.po"
DEFAULT_ZONE: Final = "Asia/Ho_Chi_Minh"

_NAMES: Final[dict[str, Language]] = {language: language for language in LANGUAGES}
_MOMENT: Final[dict[Language, str]] = {"vi": "HH:mm dd/MM/yyyy", "en": "d MMM yyyy, HH:mm"}
_DAY: Final[dict[Language, str]] = {"vi": "dd/MM/yyyy", "en": "d MMM yyyy"}
_STEPS: Final = (
    (86_400, "ngày", ("day", "days")),
    (3_600, "giờ", ("hour", "hours")),
    (60, "phút", ("minute", "minutes")),
    (1, "giây", ("second", "seconds")),
)


def language_of(connection: HTTPConnection) -> Language:
    """Return the reader's language: the one chosen on the page, else the browser's first that we have, else Vietnamese.

    The choice stands in a cookie; signing in sets it to the account's language.
    """
    chosen = _NAMES.get(connection.cookies.get(COOKIE, ""))
    if chosen:
        return chosen
    for part in connection.headers.get("accept-language", "")[:200].split(","):
        language = _NAMES.get(part.split(";")[0].strip().lower()[:2])
        if language:
            return language
    return DEFAULT_LANGUAGE


@cache
def _vietnamese() -> dict[tuple[str | None, str], str]:
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale="vi")
    return {
        (message.context, message.id if isinstance(message.id, str) else message.id[0]): (
            message.string if isinstance(message.string, str) else message.string[0]
        )
        for message in catalogue
        if message.id and message.string and not message.fuzzy
    }


@dataclass(frozen=True, slots=True)
class Translations:
    """What Jinja's i18n extension asks for, in one language. A sentence without a translation stays English."""

    language: Language

    def gettext(self, message: str) -> str:
        """Return the sentence in the language."""
        return self._found(None, message) or message

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        """Return the sentence for a number of things; Vietnamese has one form for all numbers."""
        return self._found(None, singular) or (singular if number == 1 else plural)

    def pgettext(self, context: str, message: str) -> str:
        """Return a sentence that means different things in different places."""
        return self._found(context, message) or message

    def npgettext(self, context: str, singular: str, plural: str, number: int) -> str:
        """Return such a sentence for a number of things."""
        return self._found(context, singular) or (singular if number == 1 else plural)

    def _found(self, context: str | None, message: str) -> str:
        if self.language == "en":
            return ""
        return _vietnamese().get((context, message), "")


@dataclass(frozen=True, slots=True)
class Formats:
    """Numbers, dates and durations for one reader.

    Attributes:
        language: Decides separators and words.
        zone: IANA name of the zone in which times are shown.
    """

    language: Language
    zone: str = DEFAULT_ZONE

    @property
    def _locale(self) -> Locale:
        return _locale(self.language)

    def number(self, value: float, places: int = 0) -> str:
        """Return a number with the language's separators and exactly `places` decimals, 0 to 6."""
        pattern = "#,##0" + ("." + "0" * places if places else "")
        return numbers.format_decimal(value, format=pattern, locale=self._locale).replace("-", "−")

    def percent(self, ratio: float, places: int = 1) -> str:
        """Return a share between 0 and 1 as percent."""
        return f"{self.number(ratio * 100, places)} %"

    def dbm(self, value: float) -> str:
        """Return an optical power in dBm with one decimal."""
        return f"{self.number(value, 1)} dBm"

    def bits(self, bits_per_s: float) -> str:
        """Return a data rate in the largest unit (powers of 1,000) that leaves a number of at least 1."""
        for unit, size in (("Gbit/s", 1e9), ("Mbit/s", 1e6), ("kbit/s", 1e3)):
            if abs(bits_per_s) >= size:
                value = bits_per_s / size
                return f"{self.number(value, 0 if value >= 100 or value.is_integer() else 1)} {unit}"
        return f"{self.number(bits_per_s)} bit/s"

    def money(self, vnd: int) -> str:
        """Return whole đồng."""
        return f"{self.number(vnd)} ₫"

    def moment(self, at: datetime) -> str:
        """Return an aware time in the reader's zone, to the minute."""
        return dates.format_datetime(self.local(at), _MOMENT[self.language], locale=self._locale)

    def clock(self, at: datetime) -> str:
        """Return only the time of day, to the second."""
        return self.local(at).strftime("%H:%M:%S")

    def day(self, on: date) -> str:
        """Return a calendar day."""
        return dates.format_date(on, _DAY[self.language], locale=self._locale)

    def local(self, at: datetime) -> datetime:
        """Return an aware time in the reader's zone."""
        return at.astimezone(ZoneInfo(self.zone))

    def ago(self, at: datetime, now: datetime | None = None) -> str:
        """Return how long ago a time was, in its largest unit (`3 phút trước`)."""
        passed = (now or datetime.now(UTC)) - at
        return dates.format_timedelta(-passed, add_direction=True, threshold=1, locale=self._locale)

    def duration(self, seconds: float) -> str:
        """Return a length of time in its largest unit and the next (`2 giờ 5 phút`); below a second it is 0 seconds."""
        left = max(0, int(seconds))
        parts: list[str] = []
        for size, vi, en in _STEPS:
            count, left = divmod(left, size)
            if count or (size == 1 and not parts):
                parts.append(f"{self.number(count)} {vi if self.language == 'vi' else en[count != 1]}")
            elif parts:
                break
        return " ".join(parts[:2])

    def between(self, start: datetime, end: datetime) -> str:
        """Return the length of the time from `start` to `end`."""
        return self.duration((end - start) / timedelta(seconds=1))


@cache
def _locale(language: Language) -> Locale:
    return Locale.parse(language)
