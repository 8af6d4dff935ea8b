"""How something is now, in the few words that pages use. Each state has its own shape and colour in the pages."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from inventory.text import Text


class State(StrEnum):
    """How a site, link, device or service is now, from bad to good.

    DOWN: It does not work, and it is the cause itself.
    BEHIND: It cannot be reached because something nearer is down.
    WARNING: It works, but something about it needs attention.
    UNKNOWN: It is watched, but nothing fresh is known.
    OK: A fresh measurement says that it works.
    UNWATCHED: Nothing watches it.
    """

    DOWN = "down"
    BEHIND = "behind"
    WARNING = "warning"
    UNKNOWN = "unknown"
    OK = "ok"
    UNWATCHED = "unwatched"

    @property
    def text(self) -> Text:
        """Return the state in words."""
        return _TEXTS[self]


_TEXTS: Final = {
    State.DOWN: Text(vi="Đang hỏng", en="Down"),
    State.BEHIND: Text(vi="Bị ảnh hưởng", en="Cut off"),
    State.WARNING: Text(vi="Cần chú ý", en="Needs attention"),
    State.UNKNOWN: Text(vi="Chưa rõ", en="Unknown"),
    State.OK: Text(vi="Tốt", en="Good"),
    State.UNWATCHED: Text(vi="Không theo dõi", en="Not watched"),
}

MEANINGS: Final = {
    State.DOWN: Text(
        vi="Không hoạt động, và chính nó là nguyên nhân.", en="It does not work, and it is the cause itself."
    ),
    State.BEHIND: Text(
        vi="Không liên lạc được vì một chỗ gần trung tâm hơn đang hỏng.",
        en="It cannot be reached because something nearer to the centre is down.",
    ),
    State.WARNING: Text(vi="Vẫn chạy, nhưng có điều cần xem.", en="It works, but something needs a look."),
    State.UNKNOWN: Text(vi="Chưa có số đo mới.", en="There is no fresh measurement."),
    State.OK: Text(vi="Số đo mới nhất cho thấy đang chạy tốt.", en="The latest measurement says that it works."),
    State.UNWATCHED: Text(vi="Không có phép đo nào cho mục này.", en="Nothing measures it."),
}
"""What each state means, for the help pages."""

_ORDER: Final = tuple(State)


def worst(states: Iterable[State]) -> State:
    """Return the worst of some states; `UNWATCHED` of none."""
    return min(states, key=_ORDER.index, default=State.UNWATCHED)


def of_place(states: Iterable[State]) -> State:
    """Return the state of a place by the states of its devices.

    A place is down only when all that is watched in it is; when a part is, it needs attention.
    """
    watched = [state for state in states if state is not State.UNWATCHED]
    found = worst(watched)
    if found in {State.DOWN, State.BEHIND} and any(state in {State.OK, State.WARNING} for state in watched):
        return State.WARNING
    return found
