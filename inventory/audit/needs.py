"""Why something ought to be bought, with the evidence and the points that each reason gives."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from inventory.text import Text


class Reason(StrEnum):
    """Why.

    BEYOND_LIFE: older than its life in the rulebook. TROUBLED: out of warranty, and its place on the network had
    incidents. UNSUPPORTED: its maker, or the maker of its operating system, mends it no more. BELOW_NORM: there are
    fewer than the norm grants for so many people. FAILED_COUNT: the last signed stocktake found it missing or damaged.
    """

    BEYOND_LIFE = "beyond_life"
    TROUBLED = "troubled"
    UNSUPPORTED = "unsupported"
    BELOW_NORM = "below_norm"
    FAILED_COUNT = "failed_count"


REASON_LABELS: Final[Mapping[Reason, Text]] = {
    Reason.BEYOND_LIFE: Text(vi="hết thời gian sử dụng", en="beyond its life"),
    Reason.TROUBLED: Text(vi="hết bảo hành, hay sự cố", en="out of warranty, with incidents"),
    Reason.UNSUPPORTED: Text(vi="hết hỗ trợ của hãng", en="out of support"),
    Reason.BELOW_NORM: Text(vi="thiếu so với định mức", en="below the norm"),
    Reason.FAILED_COUNT: Text(vi="thiếu, hỏng khi kiểm kê", en="missing or damaged in the count"),
}

FAILED: Final = 80
"""Points of what a stocktake found missing or damaged."""
SHORT_OFFICIAL: Final = 80
"""Points of a computer that an official does not have."""
SHORT_SHARED: Final = 40
"""Points of a shared printer or scanner that is lacking."""
OLD: Final = 30
OLD_YEAR: Final = 5
OLD_MOST_YEARS: Final = 4
"""Points of what is beyond its life, and of each further year, of at most so many years."""
TROUBLED: Final = 20
TROUBLED_INCIDENT: Final = 10
TROUBLED_MOST_INCIDENTS: Final = 4
"""Points of what is out of warranty with incidents, and of each incident, of at most so many."""
UNSUPPORTED: Final = 30
"""Points of what is out of support."""


@dataclass(frozen=True, slots=True)
class Ground:
    """One reason with its evidence.

    Attributes:
        points: What it adds to the need.
        evidence: The facts, with their dates.
    """

    reason: Reason
    points: int
    evidence: Text


@dataclass(frozen=True, slots=True)
class Failure:
    """What the last signed stocktake found of a thing.

    Attributes:
        missing: Whether it was not there; else it was there and damaged.
        stocktake: Title of the stocktake.
        signed_on: When its minutes were signed.
    """

    missing: bool
    stocktake: str
    signed_on: date


def written(day: date) -> Text:
    """Return a day as each language writes it."""
    return Text(vi=f"{day:%d/%m/%Y}", en=f"{day.day} {_MONTHS[day.month - 1]} {day.year}")


def beyond_life(year: int, since: date, used_before: int, life_years: int) -> Ground | None:
    """Return the ground of a thing whose life ended before a year begins; `None` while it lasts.

    The life counts whole years, the first being that of the first use, as wear does.

    Args:
        year: The year of the budget.
        since: Day of its first use here.
        used_before: Whole years that others used it.
        life_years: Its life in the rulebook.
    """
    over = year - since.year + used_before - life_years
    if over < 0:
        return None
    points = OLD + OLD_YEAR * min(over, OLD_MOST_YEARS)
    places = {"day": written(since), "life": life_years, "used": life_years + over, "before": year - 1}
    return Ground(Reason.BEYOND_LIFE, points, _OLD.fill(**places))


def troubled(today: date, warranty_until: date | None, incidents: Iterable[date]) -> Ground | None:
    """Return the ground of a thing without warranty whose place had incidents; `None` otherwise.

    Args:
        today: When the budget is drafted.
        warranty_until: Last day of the warranty; `None` counts as none left.
        incidents: Days of the incidents that are looked at.
    """
    days = sorted(incidents)
    if not days or (warranty_until is not None and warranty_until >= today):
        return None
    points = TROUBLED + TROUBLED_INCIDENT * min(len(days), TROUBLED_MOST_INCIDENTS)
    warranty = _NO_WARRANTY if warranty_until is None else _WARRANTY.fill(day=written(warranty_until))
    return Ground(
        Reason.TROUBLED, points, _TROUBLED.fill(warranty=warranty, count=len(days), last=written(days[-1]))
    )  # fmt: skip


def unsupported(year: int, what: str, until: date | None) -> Ground | None:
    """Return the ground of a thing whose support ended before a year begins; `None` while it lasts or nobody knows."""
    if until is None or until >= date(year, 1, 1):
        return None
    return Ground(Reason.UNSUPPORTED, UNSUPPORTED, _UNSUPPORTED.fill(what=what, day=written(until)))


def failed(failure: Failure | None) -> Ground | None:
    """Return the ground of a thing that the last signed stocktake found missing or damaged."""
    if failure is None:
        return None
    text = _MISSING if failure.missing else _DAMAGED
    places = {"title": failure.stocktake, "day": written(failure.signed_on)}
    return Ground(Reason.FAILED_COUNT, FAILED, text.fill(**places))


_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_OLD: Final = Text(
    vi="Dùng từ {day}; đến hết năm {before} đã {used} năm, thời gian sử dụng theo quy định là {life} năm.",
    en="In use since {day}: {used} years by the end of {before}, where the rulebook gives it {life}.",
)
_NO_WARRANTY: Final = Text(vi="Không còn bảo hành", en="No warranty is known")
_WARRANTY: Final = Text(vi="Hết bảo hành ngày {day}", en="The warranty ended on {day}")
_TROUBLED: Final = Text(
    vi="{warranty}; {count} sự cố trong 24 tháng, gần nhất ngày {last}.",
    en="{warranty}; incidents within 24 months: {count}, the last one on {last}.",
)
_UNSUPPORTED: Final = Text(
    vi="{what}: hãng ngừng hỗ trợ từ sau ngày {day}.", en="{what}: the maker's support ended on {day}."
)  # fmt: skip
_MISSING: Final = Text(
    vi="Không thấy khi kiểm kê “{title}”, biên bản ký ngày {day}.",
    en="Not found by the stocktake “{title}”, minutes signed on {day}.",
)
_DAMAGED: Final = Text(
    vi="Hỏng khi kiểm kê “{title}”, biên bản ký ngày {day}.",
    en="Found damaged by the stocktake “{title}”, minutes signed on {day}.",
)
