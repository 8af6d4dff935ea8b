"""What the norms grant a site for its people: how many of what, at what price at most."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from inventory.assets.rulebook import NormBook, NormLine
from inventory.text import Text

UNCOUNTABLE: Final = frozenset({"other"})
"""Categories that hold all kinds of things, so that their number says nothing about a norm."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A site with people: what norms are counted for, and who has a share of the money.

    Attributes:
        site_id: Its internal number.
        name: For people.
        headcount: Officials who work there, with those of the places below it that have no headcount of their own.
    """

    site_id: int
    name: str
    headcount: int


@dataclass(frozen=True, slots=True)
class Grant:
    """What one norm grants one unit.

    Attributes:
        key: Stable name of the norm in its book.
        label: What it is.
        categories: Any of these fills it; the first is what is bought where something is lacking.
        pieces: How many the norm grants its people.
        most: How many there may be at most, leaders' own included.
        people_per_piece: One for so many people.
        personal: Whether each official has one.
        most_vnd: Highest price of one; `None` where there is no cap.
    """

    key: str
    label: Text
    categories: tuple[str, ...]
    pieces: int
    most: int
    people_per_piece: int
    personal: bool
    most_vnd: int | None


class PriceSource(StrEnum):
    """Where a price is from.

    LIST: the product's list price. CAPPED: the list price is above the norm, so the norm's. NORM: the norm's highest
    price, where no list price is known. COST: what the thing cost that is replaced. ENTERED: a person said so.
    """

    LIST = "list"
    CAPPED = "capped"
    NORM = "norm"
    COST = "cost"
    ENTERED = "entered"


PRICE_LABELS: Final[Mapping[PriceSource, Text]] = {
    PriceSource.LIST: Text(vi="giá niêm yết", en="list price"),
    PriceSource.CAPPED: Text(
        vi="mức tối đa của định mức (giá niêm yết cao hơn)", en="norm (the list price is above it)"
    ),
    PriceSource.NORM: Text(vi="mức tối đa của định mức", en="highest price of the norm"),
    PriceSource.COST: Text(vi="nguyên giá tài sản cũ", en="cost of the old one"),
    PriceSource.ENTERED: Text(vi="giá do cán bộ nhập", en="entered by hand"),
}


@dataclass(frozen=True, slots=True)
class Price:
    """What something is estimated at.

    Attributes:
        vnd: Whole đồng, at least 1.
        source: Where it is from.
    """

    vnd: int
    source: PriceSource


def grants(book: NormBook, headcount: int, leaders: int = 0) -> tuple[Grant, ...]:
    """Return what the norms grant so many people, in the order of the book.

    Norms that set no number, or whose things the books do not tell from others, are left out.

    Args:
        book: The norms in force.
        headcount: Officials, leaders included; not negative.
        leaders: How many of them may each have what the book grants leaders besides.
    """
    return tuple(
        Grant(
            key,
            line.label.text,
            line.categories,
            line.pieces(headcount) or 0,
            (line.pieces(headcount) or 0) + leaders * _more_for_a_leader(book, line),
            line.people_per_piece or 1,
            line.holder == "official",
            line.most_vnd,
        )
        for key, line in book.norms.items()
        if is_counted(line)
    )


def is_counted(line: NormLine) -> bool:
    """Return whether a norm gives a number of pieces for a number of people that the books can be compared with."""
    shared = line.holder in {"official", "staff"} and line.people_per_piece is not None
    return shared and not UNCOUNTABLE.intersection(line.categories)


def price_of(category: str, book: NormBook | None, list_vnd: int, cost_vnd: int = 0) -> Price | None:
    """Return what a new thing is estimated at; `None` if nothing says.

    Args:
        category: What it is.
        book: The norms in force; `None` before the first.
        list_vnd: The product's list price; 0 if unknown.
        cost_vnd: What the old one cost; 0 if unknown.
    """
    caps = () if book is None else tuple(_caps(category, book))
    cap = caps[0] if caps else None
    if list_vnd:
        if cap is not None and list_vnd > cap:
            return Price(cap, PriceSource.CAPPED)
        return Price(list_vnd, PriceSource.LIST)
    if cap:
        return Price(cap, PriceSource.NORM)
    return Price(cost_vnd, PriceSource.COST) if cost_vnd else None


def _caps(category: str, book: NormBook) -> list[int]:
    """Return the highest prices of the norms of a category; what everybody has before what leaders have."""
    lines = [line for line in book.norms.values() if category in line.categories and category not in UNCOUNTABLE]
    lines.sort(key=lambda line: line.holder == "leader")
    return [line.most_vnd for line in lines if line.most_vnd is not None]


def _more_for_a_leader(book: NormBook, line: NormLine) -> int:
    # A leader is an official too: of the leader's two computers one is the official's own.
    mine = [one for one in book.norms.values() if one.holder == "leader" and set(one.categories) & set(line.categories)]
    return max(0, len(mine) - (line.holder == "official"))
