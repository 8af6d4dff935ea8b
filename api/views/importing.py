"""What the pages of an import show: the columns to choose, what is wrong by column and page, what each row does."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import quote

from api.spreadsheets.kept import Kept
from api.views.forms import Options
from inventory.access.rights import Actor, may
from inventory.errors import FieldProblem
from inventory.headings import HEADINGS
from inventory.import_report import Report, RowAct, RowProblem
from inventory.mapping import Column, importable
from inventory.noun import Noun
from inventory.nouns import NOUNS
from inventory.text import Language, Text, same

ON_A_PAGE: Final = 100
"""Rows of a page of problems or acts."""

LISTS: Final[Mapping[str, Text]] = {
    "assets": Text(vi="Tài sản", en="Assets"),
    "products": Text(vi="Mẫu thiết bị", en="Products"),
    "sites": Text(vi="Đơn vị", en="Sites"),
    "devices": Text(vi="Thiết bị mạng", en="Devices"),
    "holdings": Text(vi="Tài sản đặt ở thiết bị nào", en="Which asset is in which device"),
    "links": Text(vi="Đường truyền", en="Links"),
    "services": Text(vi="Dịch vụ", en="Services"),
    "providers": Text(vi="Nhà cung cấp", en="Providers"),
    "accounts": Text(vi="Tài khoản", en="Accounts"),
    "collectors": Text(vi="Bộ thu thập", en="Collectors"),
    "subnets": Text(vi="Dải mạng", en="Subnets"),
    "findings": Text(vi="Thiết bị phát hiện trên mạng", en="Found on the network"),
    "incidents": Text(vi="Sự cố", en="Incidents"),
    "documents": Text(vi="Chứng từ", en="Documents"),
    "reorganisations": Text(vi="Đợt sáp nhập", en="Mergers"),
}
"""Every list that stands in files, by the path of its noun, in the order in which it is offered."""

_WITH_PAGES: Final = frozenset({"assets", "sites", "devices", "links", "services", "providers", "accounts"})


@dataclass(frozen=True, slots=True)
class Part:
    """One page of what a report says.

    Attributes:
        problems: What is wrong, of this page.
        acts: What rows do, of this page.
        columns: (column, how many problems) of the whole report, the most first.
        column: The one that was asked for; empty for all.
        page: From 0.
        pages: How many there are.
        total: Problems or acts over all pages.
        first: Number of the first one of this page, from 1.
    """

    problems: Sequence[RowProblem]
    acts: Sequence[RowAct]
    columns: Sequence[tuple[str, int]]
    column: str
    page: int
    pages: int
    total: int
    first: int


def part_of(report: Report, column: str, page: str, language: Language) -> Part:
    """Return what a page shows of a report: its problems, or if there are none, what its rows do."""
    names = [column_of(one, language) for one in report.problems]
    counts = Counter(names)
    chosen = column if column in counts else ""
    problems = [one for one, name in zip(report.problems, names, strict=True) if chosen in {"", name}]
    total = len(problems) if report.problems else len(report.acts)
    pages = max(1, -(-total // ON_A_PAGE))
    number = min(int(page), pages - 1) if page.isascii() and page.isdigit() and len(page) < 7 else 0
    shown = slice(number * ON_A_PAGE, (number + 1) * ON_A_PAGE)
    return Part(
        problems=problems[shown],
        acts=() if report.problems else report.acts[shown],
        columns=counts.most_common(),
        column=chosen,
        page=number,
        pages=pages,
        total=total,
        first=number * ON_A_PAGE + 1,
    )


def column_of(one: RowProblem, language: Language) -> str:
    """Return the heading that a problem is about; a dash if it is about the row as a whole."""
    return (one.column if isinstance(one.column, str) else one.column.to(language)) or "–"


def writable(person: Actor) -> dict[str, Text]:
    """Return the lists that a person may bring in, by the path of the noun."""
    return {
        path: text for path, text in LISTS.items() if importable(NOUNS[path]) and may(person, NOUNS[path].write, path)
    }


def fields_of(noun: Noun) -> Options:
    """Return what a column may fill, required fields marked, with nothing at all first."""
    needed = set(required(noun))
    return [("", Text(vi="(bỏ qua cột này)", en="(leave this column out)"))] + [
        (name, Text(vi=f"{heading.text.vi} *", en=f"{heading.text.en} *") if name in needed else heading.text)
        for name, heading in HEADINGS[noun.path].items()
    ]


def required(noun: Noun) -> list[str]:
    """Return the fields that a new thing needs."""
    assert noun.create is not None  # noqa: S101 - only such nouns are imported
    return [name for name, info in noun.create.model_fields.items() if info.is_required()]


def lacking(kept: Kept) -> list[Text]:
    """Return the headings of what a new thing needs and no column fills."""
    filled = {one.field for one in kept.columns}
    return [HEADINGS[kept.noun.path][name].text for name in required(kept.noun) if name not in filled]


def chosen(kept: Kept, data: Mapping[str, str]) -> tuple[tuple[Column, ...], list[FieldProblem]]:
    """Return the columns as a person chose them by `column-PLACE`, and what is wrong with the choice."""
    known = HEADINGS[kept.noun.path]
    columns = tuple(
        replace(one, field=field if (field := data.get(f"column-{one.place}", "")) in known else None)
        for one in kept.columns
    )
    problems = []
    first: dict[str, Column] = {}
    for one in columns:
        if one.field is None:
            continue
        before = first.setdefault(one.field, one)
        if before is not one:
            text = _TWICE.fill(a=before.heading, b=one.heading, field=known[one.field].text)
            problems.append(FieldProblem(f"column-{one.place}", "twice", text, one.heading))
    if not first:
        problems.append(FieldProblem("columns", "required", _NONE))
    return columns, problems


def address_of(noun: Noun, key: str) -> str:
    """Return the address of a thing's page; empty if it has none."""
    return f"/{noun.path}/{quote(key)}" if noun.path in _WITH_PAGES else ""


def list_of(noun: Noun) -> str:
    """Return the address of the list of a noun; empty if it has none."""
    return f"/{noun.path}" if noun.path in _WITH_PAGES else ""


def fields_told(noun: Noun, fields: Sequence[str]) -> list[Text]:
    """Return what fields are called."""
    known = HEADINGS[noun.path]
    return [known[name].text if name in known else same(name) for name in fields]


_TWICE: Final = Text(
    vi="Hai cột “{a}” và “{b}” cùng ghi vào “{field}”; bỏ qua một cột.",
    en="Both columns “{a}” and “{b}” fill “{field}”; leave one of them out.",
)
_NONE: Final = Text(vi="Chọn ít nhất một cột.", en="Choose at least one column.")
