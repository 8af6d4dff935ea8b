"""The rulebooks on a page: every line with its figures in words, where it was read, and who compared it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from api.house import House
from api.views.wear_words import CLASS_LABELS, money, share
from inventory.access.rights import Actor
from inventory.assets.categories import LifeClass
from inventory.assets.confirming import LineState, LineStatus, lines_of
from inventory.text import Text

_PLACES: Final = {
    "in_force": Text(vi="Ngày có hiệu lực", en="In force from"),
    "threshold": Text(vi="Tiêu chuẩn tài sản cố định", en="What is a fixed asset"),
    "variation": Text(vi="Biên độ tỉnh được điều chỉnh", en="How far a province may move rates"),
    "transition": Text(vi="Chuyển tiếp khi đổi thời gian sử dụng", en="When a life changes"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A line as the page shows it.

    Attributes:
        status: The line and its confirmation.
        name: What it is about.
        says: Its figures in words.
    """

    status: LineStatus
    name: Text
    says: Text

    @property
    def is_open(self) -> bool:
        """Return whether somebody still has to compare it."""
        return self.status.state in {LineState.OPEN, LineState.OUTDATED}


@dataclass(frozen=True, slots=True)
class ShownBook:
    """A rulebook with its lines."""

    key: str
    title: Text
    kind: str
    first_day: date
    lines: tuple[Shown, ...]

    @property
    def open(self) -> int:
        """Return how many lines still have to be compared."""
        return sum(line.is_open for line in self.lines)


def shown_books(house: House, person: Actor) -> list[ShownBook]:
    """Return every rulebook, the newest first.

    Raises:
        Forbidden: The reader may not read rulebooks.
    """
    by_book: dict[str, list[LineStatus]] = {}
    for line in lines_of(house.books, person, house.rulebooks):
        by_book.setdefault(line.rulebook, []).append(line)
    labels = {norm: line.label.text for book in house.rulebooks.norms for norm, line in book.norms.items()}
    books = [
        ShownBook(key, some[0].title, some[0].kind, some[0].first_day, tuple(_shown(one, labels) for one in some))
        for key, some in by_book.items()
    ]
    return sorted(books, key=lambda book: book.first_day, reverse=True)


def open_places(house: House, person: Actor) -> frozenset[tuple[str, str]]:
    """Return (rulebook, place) of the lines that nobody has confirmed as they stand."""
    lines = lines_of(house.books, person, house.rulebooks)
    return frozenset(
        (line.rulebook, line.place) for line in lines if line.state in {LineState.OPEN, LineState.OUTDATED}
    )


def _shown(status: LineStatus, labels: Mapping[str, Text]) -> Shown:
    room, _, rest = status.place.partition(".")
    if room == "lives":
        return Shown(status, CLASS_LABELS[LifeClass(rest)], _life(status.says))
    if room == "norms":
        return Shown(status, labels[rest], _norm(status.says))
    return Shown(status, _PLACES[room], _SAYS[room](status.says))


def _life(says: Mapping[str, Any]) -> Text:
    text = _YEARS.fill(years=says["years"], rate=share(says["rate_bp"], 10_000))
    moved = says.get("variation_percent", 0)
    return _MOVED.fill(text=text, moved=f"{moved:+d}".replace("-", "−")) if moved else text


def _norm(says: Mapping[str, Any]) -> Text:
    people, most = says["people_per_piece"], says["most_vnd"]
    pieces = _NO_NUMBER if people is None else _FOR.fill(people=people)
    return _NORM.fill(pieces=pieces, price=_NO_CAP if most is None else _AT_MOST.fill(most=money(most)))


def _day(says: Mapping[str, Any]) -> Text:
    day = date.fromisoformat(str(says["day"]))
    return Text(vi=f"{day:%d/%m/%Y}", en=f"{day.day} {day:%b %Y}")


_YEARS: Final = Text(vi="{years} năm, {rate} mỗi năm", en="{years} years, {rate} a year")
_MOVED: Final = Text(vi="{text}; tỉnh điều chỉnh {moved} %", en="{text}; moved by the province, {moved} %")
_NORM: Final = Text(vi="{pieces}; {price}", en="{pieces}; {price}")
_FOR: Final = Text(vi="1 cái cho {people} người", en="one for {people} people")
_NO_NUMBER: Final = Text(vi="không định số lượng", en="no number is set")
_AT_MOST: Final = Text(vi="giá tối đa {most}", en="at most {most}")
_NO_CAP: Final = Text(vi="không định mức giá", en="no cap on the price")
_THRESHOLD: Final = Text(
    vi="Nguyên giá từ {cost} trở lên, dùng từ {years} năm", en="Cost of {cost} or more, used for {years} year or longer"
)
_SPREAD: Final = Text(
    vi="Giá trị còn lại chia cho số năm còn lại", en="The residual is spread over the years that are left"
)
_SAYS: Final[Mapping[str, Callable[[Mapping[str, Any]], Text]]] = {
    "in_force": _day,
    "threshold": lambda says: _THRESHOLD.fill(cost=money(says["cost_vnd"]), years=says["useful_life_years"]),
    "variation": lambda says: Text(vi="± {most} %", en="± {most} %").fill(most=says["most_percent"]),
    "transition": lambda _says: _SPREAD,
}
