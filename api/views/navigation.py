"""What the menus of the pages offer, and to whom."""

from dataclasses import dataclass
from typing import Final

from inventory.access.rights import Act, Actor, may
from inventory.text import Text


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the menu.

    Attributes:
        href: Its address; also what the addresses of its pages begin with.
        icon: A symbol of `static/icons.svg`.
        text: Its name.
        noun: What one has to be allowed to see; empty for everybody.
        act: What one has to be allowed to do with it.
        quick: Whether it stands in the bar at the bottom of a phone.
    """

    href: str
    icon: str
    text: Text
    noun: str = ""
    act: Act = Act.READ
    quick: bool = False


MENU: Final = (
    (
        Place("/", "home", Text(vi="Trang chủ", en="Home"), quick=True),
        Place("/incidents", "incidents", Text(vi="Sự cố", en="Incidents"), "incidents", quick=True),
        Place("/sites", "sites", Text(vi="Đơn vị", en="Sites"), "sites", quick=True),
        Place("/links", "links", Text(vi="Đường truyền", en="Links"), "links", quick=True),
        Place("/devices", "devices", Text(vi="Thiết bị mạng", en="Devices"), "devices"),
        Place("/findings", "scan", Text(vi="Thiết bị phát hiện", en="Discovered"), "findings"),
        Place("/services", "services", Text(vi="Dịch vụ", en="Services"), "services"),
        Place("/providers", "truck", Text(vi="Nhà cung cấp", en="Providers"), "providers"),
        Place("/assets", "box", Text(vi="Tài sản", en="Assets"), "assets"),
        Place("/documents", "paper", Text(vi="Chứng từ", en="Documents"), "documents"),
        Place("/stocktakes", "count", Text(vi="Kiểm kê", en="Stocktakes"), "stocktakes"),
        Place("/wear", "book", Text(vi="Hao mòn", en="Depreciation"), "assets"),
        Place("/budgets", "coins", Text(vi="Dự toán", en="Budget"), "budgets"),
    ),
    (
        Place("/wizard", "plus", Text(vi="Thêm thiết bị", en="Add a device"), "devices", Act.WRITE),
        Place("/imports", "upload", Text(vi="Nhập từ Excel", en="Import from Excel"), "assets", Act.WRITE),
        Place("/reorganisations", "merge", Text(vi="Sáp nhập đơn vị", en="Mergers"), "reorganisations"),
        Place("/credentials", "lock", Text(vi="Mật khẩu thiết bị", en="Credentials"), "credentials"),
        Place("/accounts", "users", Text(vi="Tài khoản", en="Accounts"), "accounts", Act.ADMINISTER),
        Place("/settings", "settings", Text(vi="Cấu hình", en="Settings"), "settings", Act.ADMINISTER),
        Place("/help", "help", Text(vi="Hướng dẫn", en="Help")),
    ),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A place as one reader sees it on one page."""

    href: str
    icon: str
    text: Text
    current: bool


def menu_of(actor: Actor, path: str) -> tuple[list[list[Entry]], list[Entry]]:
    """Return the groups of the whole menu and the entries of the phone's bar, for a reader on a page."""
    groups, quick = [], []
    for group in MENU:
        entries = []
        for place in group:
            if place.noun and not may(actor, place.act, place.noun):
                continue
            current = path == place.href or (place.href != "/" and path.startswith(place.href + "/"))
            entry = Entry(place.href, place.icon, place.text, current)
            entries.append(entry)
            if place.quick:
                quick.append(entry)
        groups.append(entries)
    return groups, quick
