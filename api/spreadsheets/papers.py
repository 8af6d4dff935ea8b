"""What stands on papers, to take away as rows: a document's assets, a stocktake's lines, what a merger moved."""

from typing import Final

from sqlalchemy import select
from starlette.responses import Response

from api.house import House
from api.spreadsheets.tables import Column, Row, begun, moment, table_file
from api.views.merging import KINDS
from api.views.stocktaking import count
from inventory.access.rights import Act, Actor, check, visible
from inventory.assets.categories import CATEGORIES
from inventory.assets.documents import Document, DocumentItem, items_of
from inventory.assets.lifecycle import MOVES, STATUS_LABELS, ActKind, AssetStatus
from inventory.audit.differences import KIND_LABELS, DifferenceKind, Finding
from inventory.audit.mergers import merger_record
from inventory.audit.stocktake import METHOD_LABELS, ExpectedLine, Method
from inventory.columns import column
from inventory.db import reading
from inventory.errors import NotFound
from inventory.exporting import Format
from inventory.text import Language, Text, sentence

_ITEMS: Final[tuple[Column, ...]] = (
    (Text(vi="Số chứng từ", en="Document"), "text"),
    (Text(vi="Nội dung", en="Act"), "text"),
    (Text(vi="Ngày", en="Day"), "day"),
    (Text(vi="Người giao", en="Given by"), "text"),
    (Text(vi="Người nhận", en="Received by"), "text"),
    (Text(vi="STT", en="No."), "number"),
    (Text(vi="Số tài sản", en="Tag"), "text"),
    (Text(vi="Tên tài sản", en="Asset name"), "text"),
    (Text(vi="Số máy (serial)", en="Serial"), "text"),
    (Text(vi="Loại", en="Category"), "text"),
    (Text(vi="Quy cách", en="Specification"), "text"),
    (Text(vi="Nước, năm sản xuất", en="Country and year of make"), "text"),
    (Text(vi="Năm sử dụng", en="In use since"), "number"),
    (Text(vi="Nguyên giá (đồng)", en="Cost (VND)"), "vnd"),
    (Text(vi="Hao mòn lũy kế (đồng)", en="Accumulated wear (VND)"), "vnd"),
    (Text(vi="Giá trị còn lại (đồng)", en="Residual value (VND)"), "vnd"),
    (Text(vi="Giấy tờ kèm theo", en="Papers"), "text"),
)
_LINES: Final[tuple[Column, ...]] = (
    (Text(vi="STT", en="No."), "number"),
    (Text(vi="Số tài sản", en="Tag"), "text"),
    (Text(vi="Tên tài sản", en="Asset name"), "text"),
    (Text(vi="Số máy (serial)", en="Serial"), "text"),
    (Text(vi="Loại", en="Category"), "text"),
    (Text(vi="Đơn vị", en="Site"), "text"),
    (Text(vi="Phòng", en="Room"), "text"),
    (Text(vi="Tình trạng", en="Status"), "text"),
    (Text(vi="Nguyên giá (đồng)", en="Cost (VND)"), "vnd"),
    (Text(vi="Giá trị còn lại (đồng)", en="Residual value (VND)"), "vnd"),
    (Text(vi="Kết quả kiểm kê", en="Found"), "text"),
    (Text(vi="Cách kiểm", en="How it was counted"), "text"),
    (Text(vi="Thấy ở đơn vị", en="Found at"), "text"),
    (Text(vi="Thấy ở phòng", en="Found in room"), "text"),
    (Text(vi="Người kiểm", en="Counted by"), "text"),
    (Text(vi="Lúc", en="Counted at"), "text"),
    (Text(vi="Ghi chú", en="Note"), "text"),
)
_MOVES: Final[tuple[Column, ...]] = (
    (Text(vi="Loại", en="Kind"), "text"),
    (Text(vi="Số hiệu, tên ngắn", en="Number, short name"), "text"),
    (Text(vi="Tên", en="Name"), "text"),
    (Text(vi="Số máy, địa chỉ", en="Serial, address"), "text"),
    (Text(vi="Người giữ", en="Held by"), "text"),
    (Text(vi="Đơn vị cũ", en="Old unit"), "text"),
    (Text(vi="Đơn vị mới", en="New unit"), "text"),
)
_PRESENT: Final = Text(vi="đủ", en="present")


def document_file(house: House, person: Actor, number: str, kind: Format, language: Language) -> Response:
    """Return the assets of a document as a file, a row each.

    Raises:
        Forbidden: The reader may not read documents.
        NotFound: There is none of this number, or the reader may not know of it.
    """
    check(person, Act.READ, "documents")
    with reading(house.books.engine) as session:
        mine = column(Document, "number") == number
        found = session.execute(select(Document).where(visible(person, Document), mine)).scalar_one_or_none()
        if found is None:
            raise NotFound(Document.NOUN, number[:40])
        rows = [_item(found, item, language) for item in items_of(session, found.id or 0)]
    return table_file(found.number, found.number, _ITEMS, rows, kind, language)


def stocktake_file(house: House, person: Actor, number: int, kind: Format, language: Language) -> Response:
    """Return the lines of a stocktake with what was found, and below them what was found and is on no line.

    Raises:
        NotFound: There is none of this number, or the reader may not know of it.
    """
    found = count(house, person, number)
    tally = found.state.count
    rows = [_line(house, one, language) for one in tally.findings]
    for extra in tally.extras:
        entry = extra.entries[0]
        known = entry.known or {}
        kind_of = DifferenceKind.UNEXPECTED if extra.booked else DifferenceKind.SURPLUS
        rows.append(
            [
                None, entry.tag or None, str(known.get("name") or entry.name) or None, entry.serial or None, None,
                str(known.get("site_name") or "") or None, None, None, None, None,
                begun(KIND_LABELS[kind_of], language), begun(METHOD_LABELS[Method(entry.method)], language),
                entry.site_name, entry.room or None, entry.counted_by, moment(house.books.zone, entry.counted_at),
                entry.note or None,
            ]
        )  # fmt: skip
    title = found.campaign.row.title
    return table_file(title, title, _LINES, rows, kind, language)


def merger_file(house: House, person: Actor, number: str, kind: Format, language: Language) -> Response:
    """Return everything that a reorganisation moved, a row each.

    Raises:
        Forbidden: The reader may not read reorganisations.
        NotFound: There is none of this number.
    """
    record = merger_record(house.books, person, number)
    names = record.names
    rows = [
        [
            begun(KINDS[one.noun], language), one.key, one.title or None, one.detail or None, one.holder or None,
            names.get(one.old, one.old), names.get(one.new, one.new),
        ]
        for one in record.things
    ]  # fmt: skip
    return table_file(record.row.number, record.row.number, _MOVES, rows, kind, language)


def _item(document: Document, item: DocumentItem, language: Language) -> Row:
    return [
        document.number, begun(MOVES[ActKind(document.kind)].label, language), document.day,
        document.from_name or None, document.to_name or None, item.line, item.tag, item.name, item.serial or None,
        _category(item.category, language), item.specification or None, item.origin or None, item.used_since,
        item.cost_vnd, item.worn_vnd, item.residual_vnd, item.papers or None,
    ]  # fmt: skip


def _line(house: House, one: Finding, language: Language) -> Row:
    line: ExpectedLine = one.line
    entry = one.entries[0] if one.present else None
    return [
        line.number, line.tag, line.name, line.serial or None, _category(line.category, language), line.site_name,
        line.room or None, begun(STATUS_LABELS[AssetStatus(line.status)], language), line.cost_vnd, line.residual_vnd,
        _result(one, language), sentence(", ".join(METHOD_LABELS[how].to(language) for how in one.methods)) or None,
        entry.site_name if entry else None, (entry.room or None) if entry else None,
        entry.counted_by if entry else None, moment(house.books.zone, entry.counted_at) if entry else None,
        (entry.note or None) if entry else None,
    ]  # fmt: skip


def _result(one: Finding, language: Language) -> str:
    if not one.present:
        return begun(KIND_LABELS[DifferenceKind.MISSING], language)
    found = [
        KIND_LABELS[kind].to(language)
        for kind, is_so in ((DifferenceKind.ELSEWHERE, one.elsewhere), (DifferenceKind.DAMAGED, one.damaged))
        if is_so
    ]
    return sentence(", ".join(found) or _PRESENT.to(language))


def _category(code: str, language: Language) -> str:
    return begun(CATEGORIES[code].label, language) if code in CATEGORIES else code
