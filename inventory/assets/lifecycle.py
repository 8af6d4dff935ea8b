"""The life of an asset: its states, and the acts that lead from one to another; nothing else changes a state."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from inventory.text import Text


class AssetStatus(StrEnum):
    """Where an asset is in its life."""

    PLANNED = "planned"
    IN_STOCK = "in_stock"
    IN_USE = "in_use"
    REPAIR = "repair"
    RETIRED = "retired"
    DISPOSED = "disposed"


STATUS_LABELS: Final[Mapping[AssetStatus, Text]] = {
    AssetStatus.PLANNED: Text(vi="dự kiến mua", en="planned"),
    AssetStatus.IN_STOCK: Text(vi="trong kho", en="in stock"),
    AssetStatus.IN_USE: Text(vi="đang dùng", en="in use"),
    AssetStatus.REPAIR: Text(vi="đang sửa", en="under repair"),
    AssetStatus.RETIRED: Text(vi="ngừng dùng", en="retired"),
    AssetStatus.DISPOSED: Text(vi="đã thanh lý", en="disposed of"),
}


class ActKind(StrEnum):
    """What a document does with its assets."""

    RECEIVE = "receive"
    ASSIGN = "assign"
    HAND_OVER = "hand_over"
    RETURN = "return"
    TRANSFER = "transfer"
    REPAIR = "repair"
    REPAIRED = "repaired"
    RETIRE = "retire"
    REINSTATE = "reinstate"
    DISPOSE = "dispose"
    REVERSE = "reverse"


Steps = tuple[tuple[AssetStatus, AssetStatus], ...]


@dataclass(frozen=True, slots=True)
class Move:
    """One act: what it does to an asset, and what its document has to say.

    Attributes:
        label: Its name.
        prefix: Letters with which the numbers of its documents begin; never changed once there are documents.
        steps: From which state to which; of several from the same state the first is taken unless the document before
            says where the asset came from.
        receiver: Whether a person takes the asset over and answers for it from then on.
        elsewhere: Whether the asset goes to another site.
        leaves_place: Whether it no longer stands in a device's place.
        reason: Whether the reason has to be given.
    """

    label: Text
    prefix: str
    steps: Steps
    receiver: bool = False
    elsewhere: bool = False
    leaves_place: bool = False
    reason: bool = False

    def targets(self, status: AssetStatus) -> tuple[AssetStatus, ...]:
        """Return the states that this act may lead to from `status`; empty if it does not apply."""
        return tuple(after for before, after in self.steps if before == status)


_S = AssetStatus

MOVES: Final[Mapping[ActKind, Move]] = {
    ActKind.RECEIVE: Move(Text(vi="Nhập kho", en="Take into stock"), "NK", ((_S.PLANNED, _S.IN_STOCK),)),
    ActKind.ASSIGN: Move(
        Text(vi="Cấp cho người dùng", en="Assign"),
        "CP",
        ((_S.IN_STOCK, _S.IN_USE), (_S.PLANNED, _S.IN_USE)),
        receiver=True,
    ),
    ActKind.HAND_OVER: Move(Text(vi="Bàn giao", en="Hand over"), "BG", ((_S.IN_USE, _S.IN_USE),), receiver=True),
    ActKind.RETURN: Move(
        Text(vi="Trả về kho", en="Return to stock"), "TK", ((_S.IN_USE, _S.IN_STOCK),), leaves_place=True
    ),
    ActKind.TRANSFER: Move(
        Text(vi="Điều chuyển sang đơn vị khác", en="Transfer to another site"),
        "DC",
        ((_S.IN_USE, _S.IN_USE), (_S.IN_STOCK, _S.IN_STOCK)),
        receiver=True,
        elsewhere=True,
        leaves_place=True,
    ),
    ActKind.REPAIR: Move(
        Text(vi="Đưa đi sửa", en="Send to repair"),
        "SC",
        ((_S.IN_USE, _S.REPAIR), (_S.IN_STOCK, _S.REPAIR)),
        leaves_place=True,
        reason=True,
    ),
    ActKind.REPAIRED: Move(
        Text(vi="Nhận lại sau sửa chữa", en="Back from repair"),
        "NS",
        ((_S.REPAIR, _S.IN_USE), (_S.REPAIR, _S.IN_STOCK)),
    ),
    ActKind.RETIRE: Move(
        Text(vi="Ngừng dùng", en="Retire"),
        "ND",
        ((_S.IN_USE, _S.RETIRED), (_S.IN_STOCK, _S.RETIRED), (_S.REPAIR, _S.RETIRED)),
        leaves_place=True,
        reason=True,
    ),
    ActKind.REINSTATE: Move(
        Text(vi="Dùng lại", en="Take back into stock"), "DL", ((_S.RETIRED, _S.IN_STOCK),), reason=True
    ),
    ActKind.DISPOSE: Move(
        Text(vi="Thanh lý", en="Dispose of"), "TL", ((_S.RETIRED, _S.DISPOSED),), leaves_place=True, reason=True
    ),
    # What a reversal undoes stands in the document that it reverses.
    ActKind.REVERSE: Move(Text(vi="Hủy chứng từ", en="Reversal"), "HC", (), reason=True),
}
"""The whole life of an asset: every act, from which state to which."""

HELD: Final = frozenset({AssetStatus.IN_USE, AssetStatus.REPAIR})
"""States in which a person answers for the asset; in the others nobody is named."""


def acts_from(status: AssetStatus) -> tuple[ActKind, ...]:
    """Return the acts that apply to an asset in a state, in the order of the table."""
    return tuple(kind for kind, move in MOVES.items() if move.targets(status))


def acts_between(old: AssetStatus, new: AssetStatus) -> tuple[ActKind, ...]:
    """Return the acts that lead from one state to another."""
    return tuple(kind for kind, move in MOVES.items() if new in move.targets(old))


def refusal(old: AssetStatus, new: AssetStatus) -> Text:
    """Return why a state is not simply typed, and which act leads there."""
    acts = acts_between(old, new)
    places = {"old": STATUS_LABELS[old], "new": STATUS_LABELS[new]}
    if not acts:
        return _NO_WAY.fill(**places)
    names = [MOVES[kind].label for kind in acts]
    joined = Text(vi="”, “".join(one.vi for one in names), en="”, “".join(one.en for one in names))
    return _BY_ACT.fill(**places, acts=joined)


_NO_WAY: Final = Text(
    vi="Không chuyển được từ “{old}” sang “{new}”.", en="An asset cannot go from “{old}” to “{new}”."
)  # fmt: skip
_BY_ACT: Final = Text(
    vi="Từ “{old}” sang “{new}” phải có chứng từ: lập “{acts}”.",
    en="From “{old}” to “{new}” takes a document: make one of “{acts}”.",
)
