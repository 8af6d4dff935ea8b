"""The form of an act of custody: the assets that were chosen, and what its paper has to say."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import select
from sqlmodel import Session

from api.views.forms import Field, Form
from inventory.access.rights import Actor, visible
from inventory.assets.assets import Asset
from inventory.assets.booking import capacity_of
from inventory.assets.documents import MOST_ITEMS
from inventory.assets.lifecycle import HELD, MOVES, ActKind, AssetStatus
from inventory.columns import column
from inventory.text import Text

DETAILED: Final = 40
"""Up to so many assets, each has fields of its own for what the printed form wants beside the books."""

DETAILS: Final[Mapping[str, Text]] = {
    "origin": Text(vi="Nước, năm sản xuất", en="Country and year of make"),
    "capacity": Text(vi="Công suất", en="Capacity"),
    "papers": Text(vi="Tài liệu kèm theo", en="Papers"),
}

_DAY: Final = Field("day", Text(vi="Ngày", en="Day"), "date", required=True, longest=10)
_TO_SITE: Final = Field("to_site", Text(vi="Đơn vị nhận", en="Receiving site"), "select", required=True)
_TO_NAME: Final = Field("to_name", Text(vi="Người nhận", en="Received by"), longest=120)
_TO_TITLE: Final = Field("to_title", Text(vi="Chức vụ người nhận", en="Title of the receiver"), longest=120)
_FROM_NAME: Final = Field("from_name", Text(vi="Người giao", en="Given by"), longest=120)
_FROM_TITLE: Final = Field("from_title", Text(vi="Chức vụ người giao", en="Title of the giver"), longest=120)
_ROOM: Final = Field("room", Text(vi="Để ở phòng", en="Room"), longest=120)
_REASON: Final = Field("reason", Text(vi="Lý do", en="Reason"), "long", longest=2000)
_PAPERS: Final = Field("papers", Text(vi="Giấy tờ kèm theo", en="Papers that go with it"))
_ACCESSORIES: Final = Field(
    "accessories",
    Text(vi="Dụng cụ, phụ tùng kèm theo", en="Accessories"),
    "long",
    longest=5000,
    hint=Text(
        vi="Mỗi dòng một món: tên; đơn vị tính; số lượng; giá trị. Ví dụ: Bộ nguồn; cái; 1; 350.000",
        en="One on each line: name; unit; quantity; value. Like: Power supply; piece; 1; 350,000",
    ),
)


def fields_of(kind: ActKind) -> Sequence[Field]:
    """Return the fields of an act in the order of the page."""
    move = MOVES[kind]
    takes_over = move.receiver or kind in {ActKind.RETURN, ActKind.RECEIVE}
    receiver = _needed(_TO_NAME) if move.receiver and not move.elsewhere else _TO_NAME
    return (
        _DAY,
        *((_TO_SITE,) if move.elsewhere else ()),
        *((receiver, _TO_TITLE, _FROM_NAME, _FROM_TITLE, _ROOM) if takes_over else ()),
        _needed(_REASON) if move.reason else _REASON,
        _PAPERS,
        *((_ACCESSORIES,) if takes_over else ()),
    )


def chosen(session: Session, person: Actor, tags: Sequence[str]) -> list[Asset]:
    """Return the assets of these tags that the reader may know of, in the order given."""
    wanted = list(dict.fromkeys(tag.strip() for tag in tags if tag.strip()))[:MOST_ITEMS]
    rows = session.execute(select(Asset).where(visible(person, Asset), column(Asset, "tag").in_(wanted))).scalars()
    known = {asset.tag: asset for asset in rows}
    return [known[tag] for tag in wanted if tag in known]


def acts_for(assets: Sequence[Asset]) -> list[ActKind]:
    """Return the acts that apply to every one of the assets."""
    return [
        kind
        for kind, move in MOVES.items()
        if assets and all(move.targets(AssetStatus(asset.status)) for asset in assets)
    ]


def suggested(assets: Sequence[Asset], today: str) -> dict[str, str]:
    """Return what stands in the fields of a new document."""
    holders = {asset.custodian for asset in assets if asset.status in {one.value for one in HELD}}
    giver = holders.pop() if len(holders) == 1 else ""
    name, _, title = giver.partition(", ")
    values = {"day": today, "from_name": name[:120], "from_title": title[:120]}
    return values | {f"capacity-{line}": capacity_of(asset) for line, asset in enumerate(assets)}


def entry_of(kind: str, tags: Sequence[str], form: Form, data: Mapping[str, str]) -> dict[str, Any]:
    """Return the act as its model takes it; what cannot be read stays text for the model to refuse."""
    typed = {name: value for name, value in form.typed().items() if value not in {None, ""} or name == "day"}
    items = [
        {"asset": tag} | {name: data.get(f"{name}-{line}", "").strip() for name in DETAILS}
        for line, tag in enumerate(tags)
    ]
    accessories = [_accessory(line) for line in str(typed.pop("accessories", "")).splitlines() if line.strip()]
    return typed | {"kind": kind, "items": items} | ({"accessories": accessories} if accessories else {})


def _accessory(line: str) -> dict[str, Any]:
    name, unit, quantity, value = (*(part.strip() for part in line.split(";")), "", "", "", "")[:4]
    return {"name": name, "unit": unit, "quantity": _whole(quantity or "1"), "value_vnd": _whole(value or "0")}


def _whole(text: str) -> int | str:
    digits = text.replace(".", "").replace(",", "").replace(" ", "").replace("\N{NO-BREAK SPACE}", "").rstrip("₫đ")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 15 else text


def _needed(field: Field) -> Field:
    return Field(
        field.name, field.label, field.kind, required=True, hint=field.hint, longest=field.longest
    )  # fmt: skip
