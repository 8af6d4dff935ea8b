"""Faults of a running demonstration, asked for from another window. Light, so that they come at once."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from api.stack import home as stack_home
from collector.lab import control
from inventory.errors import Unavailable
from inventory.text import Text

_HOME: Final = "QUANG_HOME"


class Refused(Unavailable):
    """The simulation cannot make this fault."""

    code = "no_fault"


def home(environ: Mapping[str, str]) -> Path:
    """Return the folder of the demonstration: `QUANG_HOME`, or `quang-demo` in the user's data folder."""
    given = environ.get(_HOME, "")
    data = environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(given).expanduser().absolute() if given else Path(data) / "quang-demo"


def control_file(folder: Path) -> Path:
    """Return the socket on which the simulation of a demonstration in `folder` takes faults."""
    return stack_home.socket_file(folder, "lab")


def ask(environ: Mapping[str, str], question: dict[str, Any]) -> dict[str, Any]:
    """Ask the running simulation for a fault and return its answer; see `collector.lab.lab.Lab.act`.

    Raises:
        Unavailable: No demonstration runs here.
        Refused: There is no such place, or the fault is out of range.
    """
    try:
        answer = control.ask(control_file(home(environ)), question)
    except control.NoLab as error:
        raise Unavailable(
            Text(vi="Chưa có huyện mô phỏng nào đang chạy.", en="No simulated district is running."),
            Text(vi="Mở một cửa sổ khác và chạy: quang demo", en="Run this in another window first: quang demo"),
        ) from error
    if not answer.get("ok"):
        raise Refused(
            Text(vi=str(answer.get("vi") or "?"), en=str(answer.get("en") or "?")),
            Text(vi="Trang web liệt kê mọi đơn vị và đường truyền.", en="The pages list every site and every link."),
        )
    return answer


def told(answer: Mapping[str, Any]) -> list[str]:
    """Return what happened, as lines for a person."""
    names = ", ".join(answer.get("names") or ()) or "không có gì hỏng để khôi phục / nothing was broken"
    lost = ", ".join(answer.get("lost") or ())
    lines = [f"✓ {names}"]
    if lost:
        lines.append(f"  mất liên lạc / out of reach: {lost}")
    return lines
