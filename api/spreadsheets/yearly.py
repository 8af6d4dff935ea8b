"""What an office does year by year, to take away as rows: stocktakes, budgets, values on a day, closings, rulebooks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from api.house import House
from api.spreadsheets.tables import Column, Row, begun, moment, table_file
from api.views.budgeting import plans
from api.views.stocktaking import campaigns
from api.views.wear_rules import shown_books
from api.views.wear_values import Question, Told, question_of, told
from inventory.access.rights import Actor
from inventory.assets.categories import CATEGORIES
from inventory.assets.confirming import LINE_STATES
from inventory.assets.valuing import AssetValue, values_on
from inventory.assets.wear_reports import closings_of
from inventory.audit import budget, stocktake
from inventory.errors import Conflict
from inventory.exporting import Format
from inventory.listing import MOST_ROWS
from inventory.spelling import fold
from inventory.text import Language, Text

MOST_IN_FILE: Final = 2_000
"""Campaigns and scenarios of a file, the newest; a district has a few a year."""

MOST_VALUES: Final = 20_000
"""Assets of a file of values: each is computed anew."""

_LONGEST_CELL: Final = 1_000

_STOCKTAKES: Final[tuple[Column, ...]] = (
    (Text(vi="Đợt kiểm kê", en="Stocktake"), "text"),
    (Text(vi="Năm", en="Year"), "number"),
    (Text(vi="Trạng thái", en="State"), "text"),
    (Text(vi="Số đơn vị", en="Number of sites"), "number"),
    (Text(vi="Đơn vị", en="Sites"), "text"),
    (Text(vi="Tài sản phải đếm", en="Things on the list"), "number"),
    (Text(vi="Đã đếm", en="Counted"), "number"),
    (Text(vi="Hạn", en="Done by"), "day"),
    (Text(vi="Bắt đầu", en="Started"), "text"),
    (Text(vi="Ký lúc", en="Signed"), "text"),
    (Text(vi="Người ký", en="Signed by"), "text"),
    (Text(vi="Kết luận", en="Conclusion"), "text"),
)
_BUDGETS: Final[tuple[Column, ...]] = (
    (Text(vi="Phương án", en="Scenario"), "text"),
    (Text(vi="Năm", en="Year"), "number"),
    (Text(vi="Trạng thái", en="State"), "text"),
    (Text(vi="Trần kinh phí (đồng)", en="Cap (VND)"), "vnd"),
    (Text(vi="Đã dùng (đồng)", en="Spent (VND)"), "vnd"),
    (Text(vi="Số mua", en="Bought"), "number"),
    (Text(vi="Số để lại", en="Left out"), "number"),
    (Text(vi="Nhu cầu được đáp ứng", en="Need met"), "number"),
    (Text(vi="Chia công bằng", en="Fair shares"), "text"),
    (Text(vi="Lập lúc", en="Drafted"), "text"),
    (Text(vi="Duyệt lúc", en="Approved"), "text"),
    (Text(vi="Người duyệt", en="Approved by"), "text"),
)
_VALUES: Final[tuple[Column, ...]] = (
    (Text(vi="Số tài sản", en="Tag"), "text"),
    (Text(vi="Tên tài sản", en="Asset name"), "text"),
    (Text(vi="Loại", en="Category"), "text"),
    (Text(vi="Đơn vị", en="Site"), "text"),
    (Text(vi="Ngày đưa vào sử dụng", en="Put to use"), "day"),
    (Text(vi="Giá trị đến ngày", en="Value on"), "day"),
    (Text(vi="Nguyên giá (đồng)", en="Cost (VND)"), "vnd"),
    (Text(vi="Hao mòn lũy kế (đồng)", en="Accumulated wear (VND)"), "vnd"),
    (Text(vi="Giá trị còn lại (đồng)", en="Residual value (VND)"), "vnd"),
    (Text(vi="Cách tính", en="How it was computed"), "text"),
    (Text(vi="Căn cứ", en="Rule"), "text"),
)
_CLOSINGS: Final[tuple[Column, ...]] = (
    (Text(vi="Năm", en="Year"), "number"),
    (Text(vi="Khóa sổ lúc", en="Closed"), "text"),
    (Text(vi="Người khóa", en="Closed by"), "text"),
    (Text(vi="Văn bản áp dụng", en="Rulebook"), "text"),
    (Text(vi="Số tài sản cố định", en="Fixed assets"), "number"),
    (Text(vi="Nguyên giá (đồng)", en="Cost (VND)"), "vnd"),
    (Text(vi="Hao mòn trong năm (đồng)", en="Wear of the year (VND)"), "vnd"),
    (Text(vi="Hao mòn lũy kế (đồng)", en="Accumulated wear (VND)"), "vnd"),
)
_RULEBOOKS: Final[tuple[Column, ...]] = (
    (Text(vi="Văn bản", en="Rulebook"), "text"),
    (Text(vi="Hiệu lực từ ngày", en="In force from"), "day"),
    (Text(vi="Dòng", en="Line"), "text"),
    (Text(vi="Nội dung", en="What it says"), "text"),
    (Text(vi="Nguồn", en="Source"), "text"),
    (Text(vi="Trạng thái", en="State"), "text"),
    (Text(vi="Người đối chiếu", en="Compared by"), "text"),
    (Text(vi="Ngày đối chiếu", en="Compared on"), "day"),
    (Text(vi="Ghi chú", en="Note"), "text"),
)


@dataclass(frozen=True, slots=True)
class Taking:
    """Who takes which file away: as the request says."""

    request: Request
    house: House
    person: Actor
    kind: Format
    language: Language


def stocktakes_file(it: Taking) -> Response:
    """Return the campaigns that the reader sees, the newest first, each with its progress.

    Raises:
        Forbidden: The reader may not read stocktakes.
    """
    rows: list[Row] = []
    for one in campaigns(it.house, it.person, MOST_IN_FILE):
        row, sites = one.row, ", ".join(site.name for site in one.sites)
        rows.append(
            [
                row.title, row.year, begun(stocktake.STATE_LABELS[one.state], it.language), len(one.sites),
                _shortened(sites), one.lines or None, one.counted if one.lines else None, row.due,
                _at(it, row.started_at), _at(it, row.signed_at), row.signed_by or None, row.conclusion or None,
            ]
        )  # fmt: skip
    return _file(it, _TITLES["stocktakes"], _STOCKTAKES, rows)


def budgets_file(it: Taking) -> Response:
    """Return the scenarios that the reader sees and that are not put aside, the newest first.

    Raises:
        Forbidden: The reader may not read budgets.
    """
    rows: list[Row] = []
    for one in plans(it.house, it.person, MOST_IN_FILE):
        row = one.row
        rows.append(
            [
                row.title, row.year, begun(budget.STATE_LABELS[budget.PlanState(row.state)], it.language),
                row.cap_vnd, one.bought.vnd, one.bought.lines, one.left_out, one.bought.need,
                _YES.to(it.language) if row.options.get("fair_share") else None, _at(it, row.created_at),
                _at(it, row.approved_at), row.approved_by or None,
            ]
        )  # fmt: skip
    return _file(it, _TITLES["budgets"], _BUDGETS, rows)


def values_file(it: Taking) -> Response:
    """Return what assets are worth on the day that the address asks for, narrowed and ordered as the page is.

    Raises:
        Forbidden: The reader may not read assets.
        Invalid: The words cannot be searched for.
        Conflict: There are more than `MOST_VALUES`.
    """
    asked = question_of(it.request, it.house, it.person)
    rows: list[Row] = []
    cursor: str | None = ""
    while cursor is not None:
        query = replace(asked.query, cursor=cursor, limit=MOST_ROWS)
        page = values_on(it.house.books, it.person, query, asked.day, it.house.rulebooks)
        rows += [_value(_told(one, asked, it), asked, it.language) for one in page.items]
        cursor = page.next_cursor
        if len(rows) + (cursor is not None) > MOST_VALUES:
            raise Conflict(_TOO_MANY.fill(most=MOST_VALUES), _NARROW)
    return _file(it, _TITLES["values"], _VALUES, rows)


def _told(one: AssetValue, asked: Question, it: Taking) -> Told:
    return told(one, it.house.rulebooks, projected=asked.projected)


def _value(one: Told, asked: Question, language: Language) -> Row:
    asset = one.one.asset
    known = CATEGORIES.get(asset.category)
    category = begun(known.label, language) if known else asset.category
    plain = [asset.tag, asset.name, category, asked.sites.get(asset.site, asset.site), asset.put_to_use, asked.day]
    if not one.one.held:
        return [*plain, None, None, None, _NOT_THERE.to(language), None]
    rule = f"{one.rule.title.to(language)}: {one.rule.line.to(language)}" if one.one.wear.fixed else None
    sums = (one.value.cost_vnd, one.value.accumulated_vnd, one.value.residual_vnd)
    return [*plain, *sums, begun(one.how, language), rule]


def closings_file(it: Taking) -> Response:
    """Return the closed years, the newest first; their sums only for those who see the whole book.

    Raises:
        Forbidden: The reader may not read assets.
    """
    rows: list[Row] = []
    for one in reversed(closings_of(it.house.books, it.person)):
        sums = (one.assets, one.cost_vnd, one.annual_vnd, one.accumulated_vnd)
        shown = sums if it.person.site_ids is None else (None,) * len(sums)
        rows.append([one.year, _at(it, one.closed_at), one.closed_by, one.rulebook.split("@")[0], *shown])
    return _file(it, _TITLES["closings"], _CLOSINGS, rows)


def rulebooks_file(it: Taking) -> Response:
    """Return every line of every rulebook, with its source and who compared it.

    Raises:
        Forbidden: The reader may not read rulebooks.
    """
    rows: list[Row] = []
    for book in shown_books(it.house, it.person):
        for line in book.lines:
            at = line.status.confirmation
            words = [begun(one, it.language) for one in (line.name, line.says, line.status.source)]
            state = begun(LINE_STATES[line.status.state], it.language)
            who = (at.confirmed_by, at.day, at.note or None) if at else (None, None, None)
            rows.append([book.title.to(it.language), book.first_day, *words, state, *who])
    return _file(it, _TITLES["rulebooks"], _RULEBOOKS, rows)


def _file(it: Taking, title: Text, columns: tuple[Column, ...], rows: list[Row]) -> Response:
    words = title.to(it.language)
    name = f"{fold(words).replace(' ', '-')}-{it.house.books.today().isoformat()}"
    return table_file(name, words, columns, rows, it.kind, it.language)


def _at(it: Taking, at: datetime | None) -> str | None:
    return None if at is None else moment(it.house.books.zone, at)


def _shortened(words: str) -> str | None:
    return (words if len(words) <= _LONGEST_CELL else words[: _LONGEST_CELL - 1] + "…") or None


YEARLY: Final[Mapping[str, Callable[[Taking], Response]]] = {
    "stocktakes": stocktakes_file,
    "budgets": budgets_file,
    "values": values_file,
    "closings": closings_file,
    "rulebooks": rulebooks_file,
}
"""By the word of the list in addresses."""

_TITLES: Final[Mapping[str, Text]] = {
    "stocktakes": Text(vi="Kiểm kê", en="Stocktakes"),
    "budgets": Text(vi="Dự toán", en="Budgets"),
    "values": Text(vi="Giá trị tài sản", en="Values"),
    "closings": Text(vi="Năm đã khóa sổ", en="Closed years"),
    "rulebooks": Text(vi="Văn bản áp dụng", en="Rulebooks"),
}
_YES: Final = Text(vi="Có", en="Yes")
_NOT_THERE: Final = Text(vi="Ngày đó không có trong sổ.", en="Not on the books on that day.")
_TOO_MANY: Final = Text(vi="Danh sách có hơn {most} tài sản.", en="There are more than {most} assets in the list.")
_NARROW: Final = Text(vi="Chọn từng đơn vị hoặc từng loại.", en="Choose one site or one kind after the other.")
