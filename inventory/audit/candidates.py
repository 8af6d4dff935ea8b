"""What might be bought in a year: everything that a rule points at, each with its reasons, need and price."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final

from inventory.assets.categories import CATEGORIES
from inventory.assets.lifecycle import AssetStatus
from inventory.assets.rulebook import NormBook
from inventory.audit import needs
from inventory.audit.needs import Failure, Ground, Reason
from inventory.audit.norms import Grant, Price, Unit, grants, price_of
from inventory.audit.operating_systems import end_of_support
from inventory.text import Text, sentence


class LeftOut(StrEnum):
    """Why something that is needed is not bought.

    OVER_CAP: the money goes to what is needed more per đồng. ABOVE_NORM: there would be more than the norm allows.
    PLANNED: an approved budget buys it already. NO_PRICE: nothing says what it costs. EXCLUDED: a person said so.
    """

    OVER_CAP = "over_cap"
    ABOVE_NORM = "above_norm"
    PLANNED = "planned"
    NO_PRICE = "no_price"
    EXCLUDED = "excluded"


LEFT_OUT_LABELS: Final[Mapping[LeftOut, Text]] = {
    LeftOut.OVER_CAP: Text(
        vi="hết trần kinh phí: tiền dành cho thứ cần hơn trên mỗi đồng",
        en="the cap: the money goes to what is needed more per đồng",
    ),
    LeftOut.ABOVE_NORM: Text(vi="sẽ vượt định mức của đơn vị", en="the site would have more than the norm"),
    LeftOut.PLANNED: Text(vi="đã có trong dự toán được duyệt", en="an approved budget has it already"),
    LeftOut.NO_PRICE: Text(
        vi="chưa có giá: nhập giá niêm yết của mẫu thiết bị hoặc nguyên giá tài sản",
        en="no price: enter the product's list price or the asset's cost",
    ),
    LeftOut.EXCLUDED: Text(vi="cán bộ đã loại khỏi phương án", en="somebody excluded it"),
}


@dataclass(frozen=True, slots=True)
class Piece:
    """One booked or planned thing, with what the rules ask about it.

    Attributes:
        unit_id: The nearest site with a headcount, at its site or above; `None` if there is none.
        since: Day of its first use; `None` if unknown.
        used_before: Whole years that others used it.
        product: Maker and model; empty if unknown.
        list_vnd: The product's list price; 0 if unknown.
        support_until: Last day of the maker's support.
        operating_system: As booked; empty if unknown.
        incidents: Days of incidents of the places that it stood in, while it stood there.
        failure: What the last signed stocktake found.
        replaced_by: Number of the approved budget that buys its successor; 0 if none does.
    """

    asset_id: int
    tag: str
    name: str
    category: str
    status: AssetStatus
    site_id: int
    unit_id: int | None
    cost_vnd: int = 0
    funding: str = ""
    since: date | None = None
    used_before: int = 0
    warranty_until: date | None = None
    product: str = ""
    list_vnd: int = 0
    support_until: date | None = None
    operating_system: str = ""
    incidents: tuple[date, ...] = ()
    failure: Failure | None = None
    replaced_by: int = 0


@dataclass(frozen=True, slots=True)
class Rules:
    """By what candidates are found.

    Attributes:
        year: The year of the budget.
        today: When it is drafted.
        lives: Life in years by category.
        norms: The norms in force; `None` before the first.
        reasons: Which rules apply.
        categories: Which categories are looked at; none means all.
        leaders: Leaders of each unit, who may have more.
        within_norm: Whether what would exceed the norm is left out.
        funding: Source of the money where the replaced thing names none.
    """

    year: int
    today: date
    lives: Mapping[str, int]
    norms: NormBook | None
    reasons: Collection[Reason] = frozenset(Reason)
    categories: Collection[str] = ()
    leaders: int = 0
    within_norm: bool = True
    funding: str = ""

    def looks_at(self, category: str) -> bool:
        """Return whether a category is looked at."""
        return not self.categories or category in self.categories


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that might be bought.

    Attributes:
        piece: What it replaces; `None` where something is lacking.
        norm: Key of the norm that it fills; empty for a replacement.
        grounds: Why, the strongest first; at least one.
        price: `None` if nothing says.
        barred: Why it is not bought whatever money there is; `None` if it may be.
    """

    site_id: int
    unit_id: int | None
    category: str
    name: Text
    grounds: tuple[Ground, ...]
    price: Price | None
    piece: Piece | None = None
    norm: str = ""
    funding: str = ""
    barred: LeftOut | None = None

    @property
    def need(self) -> int:
        """Return the sum of the points of its grounds."""
        return sum(ground.points for ground in self.grounds)


def candidates(pieces: Iterable[Piece], units: Iterable[Unit], rules: Rules) -> list[Candidate]:
    """Return everything that a rule points at: replacements by tag, then what is lacking by unit and norm."""
    listed = sorted((piece for piece in pieces if rules.looks_at(piece.category)), key=lambda piece: piece.tag)
    found = [one for piece in listed if (one := _replacement(piece, rules)) is not None]
    if rules.norms is None:
        return found
    by_unit: dict[int, list[Piece]] = defaultdict(list)
    for piece in listed:
        if piece.unit_id is not None and piece.status in _HAD and not piece.replaced_by:
            by_unit[piece.unit_id].append(piece)
    lacking: list[Candidate] = []
    for unit in sorted(units, key=lambda unit: unit.site_id):
        for grant in grants(rules.norms, unit.headcount, rules.leaders):
            own = [piece for piece in by_unit[unit.site_id] if piece.category in grant.categories]
            if rules.within_norm:
                _bar_above_norm(found, own, grant)
            if Reason.BELOW_NORM in rules.reasons and rules.looks_at(grant.categories[0]):
                lacking += _lacking(unit, grant, len(own), rules)
    return found + lacking


def _replacement(piece: Piece, rules: Rules) -> Candidate | None:
    if piece.status not in _USED:
        return None
    found = [ground for ground in _grounds(piece, rules) if ground is not None and ground.reason in rules.reasons]
    if not found:
        return None
    price = price_of(piece.category, rules.norms, piece.list_vnd, piece.cost_vnd)
    barred = LeftOut.PLANNED if piece.replaced_by else LeftOut.NO_PRICE if price is None else None
    return Candidate(
        piece.site_id,
        piece.unit_id,
        piece.category,
        Text(vi=piece.name, en=piece.name),
        tuple(sorted(found, key=lambda ground: (-ground.points, ground.reason))),
        price,
        piece,
        funding=piece.funding or rules.funding,
        barred=barred,
    )


def _grounds(piece: Piece, rules: Rules) -> Iterable[Ground | None]:
    life = rules.lives.get(piece.category)
    if piece.since is not None and life is not None:
        yield needs.beyond_life(rules.year, piece.since, piece.used_before, life)
    yield needs.troubled(rules.today, piece.warranty_until, piece.incidents)
    known = [
        (end, what)
        for end, what in (
            (piece.support_until, piece.product),
            (end_of_support(piece.operating_system), piece.operating_system),
        )
        if end is not None
    ]
    if known:
        end, what = min(known)
        yield needs.unsupported(rules.year, what, end)
    yield needs.failed(piece.failure)


def _bar_above_norm(found: list[Candidate], own: Sequence[Piece], grant: Grant) -> None:
    """Bar the least needed replacements with which the unit would still have more than it may."""
    numbers = {piece.asset_id for piece in own}
    due = [
        at
        for at, one in enumerate(found)
        if one.piece is not None and one.piece.asset_id in numbers and one.barred is None
    ]
    room = max(0, grant.most - (len(own) - len(due)))
    due.sort(key=lambda at: (-found[at].need, at))
    for at in due[room:]:
        found[at] = replace(found[at], barred=LeftOut.ABOVE_NORM)


def _lacking(unit: Unit, grant: Grant, has: int, rules: Rules) -> list[Candidate]:
    missing = max(0, grant.pieces - has)
    category = grant.categories[0]
    price = price_of(category, rules.norms, 0)
    points = needs.SHORT_OFFICIAL if grant.personal else needs.SHORT_SHARED
    rule = _EACH if grant.personal else _SHARED
    text = rule.fill(people=unit.headcount, per=grant.people_per_piece, pieces=grant.pieces, has=has)
    ground = Ground(Reason.BELOW_NORM, points, text)
    return [
        Candidate(
            unit.site_id,
            unit.site_id,
            category,
            _beginning(CATEGORIES[category].label),
            (ground,),
            price,
            norm=grant.key,
            funding=rules.funding,
            barred=None if price is not None else LeftOut.NO_PRICE,
        )
    ] * missing


def _beginning(text: Text) -> Text:
    return Text(vi=sentence(text.vi), en=sentence(text.en))


_USED: Final = frozenset({AssetStatus.IN_USE, AssetStatus.REPAIR})
_HAD: Final = _USED | {AssetStatus.IN_STOCK, AssetStatus.PLANNED}
_EACH: Final = Text(
    vi="{people} cán bộ, mỗi người một chiếc: định mức {pieces}, hiện có {has}.",
    en="{people} officials, one each: the norm grants {pieces}, there are {has}.",
)
_SHARED: Final = Text(
    vi="{people} cán bộ, {per} người một chiếc, làm tròn lên: định mức {pieces}, hiện có {has}.",
    en="{people} officials, one for {per}, rounded up: the norm grants {pieces}, there are {has}.",
)
