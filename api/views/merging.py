"""What the pages of mergers show: the units to choose, what moves by unit and kind, what is asked for."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from api.views.forms import Field, Form
from inventory.audit.mergers import Candidate
from inventory.errors import FieldProblem
from inventory.places.reorganisations import MOST_PAIRS, Moved
from inventory.text import Text

SELECTS: Final = 60
"""Up to so many units, each has a list of all others to choose from; beyond it the name is typed and completed."""

SHOWN: Final = 200
"""Things of one kind and unit that a page lists; the file has all."""

FIELDS: Final = (
    Field("day", Text(vi="Ngày có hiệu lực", en="First day of the new order"), "date", required=True, longest=10),
    Field(
        "decree",
        Text(vi="Văn bản quyết định", en="Decision"),
        required=True,
        longest=300,
        hint=Text(
            vi="Số và tên nghị quyết, quyết định về việc sắp xếp.", en="Number and name of the decision that orders it."
        ),
    ),
    Field("note", Text(vi="Ghi chú", en="Note"), "long", longest=2000),
)

KINDS: Final[Mapping[str, Text]] = {
    "site": Text(vi="Đơn vị trực thuộc", en="Units below"),
    "device": Text(vi="Thiết bị mạng", en="Devices"),
    "subnet": Text(vi="Dải mạng", en="Subnets"),
    "service": Text(vi="Dịch vụ", en="Services"),
    "asset": Text(vi="Tài sản", en="Assets"),
    "document": Text(vi="Chứng từ còn hiệu lực", en="Documents that still govern"),
    "account": Text(vi="Tài khoản", en="Accounts"),
}
"""What moves, by table, in the order of the act."""

_PAGES: Final = {"site": "sites", "device": "devices", "subnet": "subnets", "service": "services", "asset": "assets",
                 "document": "documents", "account": "accounts"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Unit:
    """What moves from one old unit.

    Attributes:
        old: Its slug.
        new: Slug of the unit that takes over.
        counts: How many things, by table.
        things: The first `SHOWN` of each kind, by table.
        held: How many of its assets somebody answers for.
    """

    old: str
    new: str
    counts: Mapping[str, int]
    things: Mapping[str, Sequence[Moved]]
    held: int


def units_of(pairs: Sequence[tuple[str, str]], things: Sequence[Moved]) -> list[Unit]:
    """Return what moves, by old unit, those that go into the same new one together."""
    sorted_: dict[str, dict[str, list[Moved]]] = defaultdict(lambda: defaultdict(list))
    for one in things:
        sorted_[one.old][one.noun].append(one)
    order = {new: place for place, (_, new) in reversed(list(enumerate(pairs)))}
    return [
        Unit(
            old=old,
            new=new,
            counts={noun: len(sorted_[old][noun]) for noun in KINDS},
            things={noun: sorted_[old][noun][:SHOWN] for noun in KINDS if sorted_[old][noun]},
            held=sum(bool(one.holder) for one in sorted_[old]["asset"]),
        )
        for old, new in sorted(pairs, key=lambda pair: order[pair[1]])
    ]


def totals_of(units: Sequence[Unit]) -> dict[str, int]:
    """Return how many things move altogether, by table."""
    return {noun: sum(one.counts[noun] for one in units) for noun in KINDS}


def address_of(one: Moved) -> str:
    """Return the address of a thing's page."""
    return f"/{_PAGES[one.noun]}/{quote(one.key)}"


def proposed(units: Sequence[Candidate], day: str) -> dict[str, str]:
    """Return new by old unit as the books name them for a day; without a day, all those they name."""
    begins = {one.slug: one.valid_from.isoformat() if one.valid_from else "" for one in units}
    return {one.slug: one.successor for one in units if one.successor and day in {"", begins.get(one.successor, "")}}


def day_named(units: Sequence[Candidate]) -> str:
    """Return the first day of the latest succession that the books name; empty if they name none."""
    begins = {one.slug: one.valid_from for one in units}
    days = [day for one in units if one.successor and (day := begins.get(one.successor)) is not None]
    return max(days).isoformat() if days else ""


def entry_of(form: Form, data: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the act as its model takes it, and new by old unit as chosen: `into-SLUG`, a slug or `Name (slug)`."""
    chosen = {
        name.removeprefix("into-"): _slug(value)
        for name, value in data.items()
        if name.startswith("into-") and value.strip()
    }
    pairs = [{"old": old, "new": new} for old, new in list(chosen.items())[: MOST_PAIRS + 1]]
    values = {"day": form.values["day"] or None, "decree": form.values["decree"], "note": form.values["note"]}
    return values | {"pairs": pairs}, chosen


def at_fields(problems: Sequence[FieldProblem], chosen: Mapping[str, str]) -> list[FieldProblem]:
    """Return the problems with those of pairs at the unit that they are about."""
    olds = list(chosen)
    found = []
    for one in problems:
        name, _, rest = one.field.partition(".")
        line = rest.partition(".")[0]
        if name == "pairs" and line.isdigit() and int(line) < len(olds):
            found.append(FieldProblem(f"into-{olds[int(line)]}", one.code, one.message, one.value))
        else:
            found.append(one)
    return found


def _slug(typed: str) -> str:
    text = typed.strip()[:300]
    return text.rpartition("(")[2].rstrip(")").strip() if text.endswith(")") else text
