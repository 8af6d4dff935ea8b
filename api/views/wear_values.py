"""What assets are worth on a day, with the reason of each figure in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from urllib.parse import urlencode

from fastapi import Request

from api.house import House
from api.views.asset_list import asset_sites
from api.views.forms import Options
from api.views.wear_words import Rule, how, rule_of
from inventory.access.rights import Actor
from inventory.assets.categories import CATEGORIES, LifeClass
from inventory.assets.confirming import doubts_of
from inventory.assets.depreciation import Value
from inventory.assets.rulebook import Doubt, Rulebooks
from inventory.assets.valuing import AssetValue, totals_on, values_on
from inventory.assets.wear_sums import Totals, december_of
from inventory.db import reading
from inventory.errors import Invalid
from inventory.listing import LONGEST_SEARCH, Query
from inventory.text import Text, same

ROWS: Final = 50
FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2100, 12, 31)

KINDS: Final = {
    "": Text(vi="Theo sổ (hao mòn tính mỗi tháng 12)", en="By the books (wear each December)"),
    "projected": Text(vi="Ước tính đến ngày (chia theo ngày)", en="Estimated to the day"),
}
SORTS: Final = {
    "": Text(vi="Số hiệu", en="Tag"),
    "name": Text(vi="Tên", en="Name"),
    "put_to_use": Text(vi="Dùng lâu trước", en="Oldest in use"),
    "-cost_vnd": Text(vi="Nguyên giá cao trước", en="Highest cost"),
}
_FILTERS: Final = ("within", "category")


@dataclass(frozen=True, slots=True)
class Told:
    """One asset with its value and the reason.

    Attributes:
        one: The asset and its values.
        value: The one that was asked for: booked or projected.
        rule: The line that governs it.
        how: How its last wear was computed.
    """

    one: AssetValue
    value: Value
    rule: Rule
    how: Text


@dataclass(frozen=True, slots=True)
class Values:
    """A page of values.

    Attributes:
        day: The day.
        asked: What the list is narrowed by, as asked.
        rows: The rows.
        sums: Address of the sums over all that fits, which take longer than a page.
        later: Address of the next page; empty on the last.
        first: Address of the first page; empty on it.
        sites: Names by slug.
        problem: What is wrong with the question.
    """

    day: date
    asked: Mapping[str, str]
    rows: Sequence[Told]
    sums: str
    later: str
    first: str
    sites: Mapping[str, str]
    problem: Text | None = None

    @property
    def narrowed(self) -> bool:
        """Return whether the list was narrowed at all."""
        return any(self.asked[name] for name in (*_FILTERS, "q"))

    @property
    def site_options(self) -> Options:
        """Return the sites to choose from."""
        return [(slug, same(name)) for slug, name in self.sites.items()]


@dataclass(frozen=True, slots=True)
class Sums:
    """The sums over all that fits.

    Attributes:
        day: The day.
        total: On the books that day.
        doubts: Lines of the rulebook of that December that nobody has confirmed.
    """

    day: date
    total: Totals
    doubts: Sequence[Doubt]


@dataclass(frozen=True, slots=True)
class Question:
    """What the address of a list of values asks for.

    Attributes:
        day: The day.
        problem: Why it is not the day that was asked for.
        asked: What the list is narrowed by, as asked.
        sites: Names by slug.
        query: The first page.
    """

    day: date
    problem: Text | None
    asked: Mapping[str, str]
    sites: Mapping[str, str]
    query: Query

    @property
    def projected(self) -> bool:
        """Return whether the wear of the year is counted by the day."""
        return self.asked["kind"] == "projected"


def question_of(request: Request, house: House, person: Actor) -> Question:
    """Return what the address asks for: `day`, `kind`, `within`, `category`, `q`, `sort`."""
    given = request.query_params
    asked = {name: given.get(name, "").strip()[:200] for name in (*_FILTERS, "q", "sort", "kind")}
    day, problem = day_of(given.get("day", ""), house.books.today())
    sites = asset_sites(house, person)
    choices: dict[str, Mapping[str, object]] = {"within": sites, "category": CATEGORIES}
    query = Query(
        filters={name: asked[name] for name in _FILTERS if asked[name] in choices[name]},
        search=asked["q"][:LONGEST_SEARCH],
        sort=asked["sort"] if asked["sort"] in SORTS else "",
        limit=ROWS,
    )
    return Question(day, problem, asked, sites, query)


def values_page(request: Request, house: House, person: Actor) -> Values:
    """Return the page that the address asks for: `day`, `kind`, `within`, `category`, `q`, `sort`, `cursor`.

    It takes three statements, however many assets there are.

    Raises:
        Forbidden: The reader may not read assets.
    """
    it = question_of(request, house, person)
    day, problem, asked, sites = it.day, it.problem, it.asked, it.sites
    query = replace(it.query, cursor=request.query_params.get("cursor", "")[:2000])
    kept = {"day": day.isoformat()} | {name: value for name, value in asked.items() if value}
    summed = {"day": day.isoformat(), "q": query.search, **query.filters}
    sums = f"/wear/sums?{urlencode({name: value for name, value in summed.items() if value})}"
    try:
        page = values_on(house.books, person, query, day, house.rulebooks)
    except Invalid as error:
        return Values(day, asked, (), "", "", "", sites, problem or error.problems[0].message)
    rows = [told(one, house.rulebooks, projected=it.projected) for one in page.items]
    later = f"/wear?{urlencode(kept | {'cursor': page.next_cursor})}" if page.next_cursor else ""
    first = f"/wear?{urlencode(kept)}" if query.cursor else ""
    return Values(day, asked, rows, sums, later, first, sites, problem)


def sums_of(request: Request, house: House, person: Actor) -> Sums:
    """Return the sums that the address asks for: `day`, `within`, `category`, `q`.

    Raises:
        Forbidden: The reader may not read assets.
        Invalid: The words cannot be searched for.
    """
    given = request.query_params
    day, _ = day_of(given.get("day", ""), house.books.today())
    filters = {name: given[name][:200] for name in _FILTERS if given.get(name)}
    query = Query(filters=filters, search=given.get("q", "")[:LONGEST_SEARCH])
    total = totals_on(house.books, person, query, day, house.rulebooks).get("", Totals())
    with reading(house.books.engine) as session:
        book = house.rulebooks.wear_in(december_of(day))
        return Sums(day, total, doubts_of(session, house.rulebooks, [book.key]))


def told(one: AssetValue, rulebooks: Rulebooks, *, projected: bool = False) -> Told:
    """Return an asset's value with the reason in words."""
    kind = class_of(one.asset.category)
    value = one.projected if projected else one.booked
    return Told(one, value, rule_of(rulebooks, kind, one.wear.year), how(kind, one.wear, None, rulebooks))


def class_of(category: str) -> LifeClass:
    """Return the life class of a category; what the program does not know wears as other tangible assets do."""
    known = CATEGORIES.get(category)
    return LifeClass.TANGIBLE if known is None else known.life


def day_of(given: str, today: date) -> tuple[date, Text | None]:
    """Return the day that was asked for; today, with what is wrong, where it is none."""
    if not given:
        return today, None
    try:
        day = date.fromisoformat(given[:10])
    except ValueError:
        return today, _NO_DAY
    return (day, None) if FIRST_DAY <= day <= LAST_DAY else (today, _NO_DAY)


_NO_DAY: Final = Text(
    vi="Chọn một ngày từ 01/01/1990 đến 31/12/2100; đang hiện hôm nay.",
    en="Choose a day from 1990 to 2100; today is shown.",
)
