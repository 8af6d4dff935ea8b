"""Reading rulebooks: those that ship, and an office's own copies that replace them."""

from collections import Counter
from collections.abc import Iterable, Mapping
from importlib import resources
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import yaml
from pydantic import ValidationError

from inventory.assets.rulebook import BOOK_KINDS, NormBook, Rulebooks, WearBook
from inventory.errors import FieldProblem, QuangError
from inventory.text import Text, same
from inventory.wording import problems_in

LONGEST: Final = 65_536
"""Bytes of a rulebook; ten times what the longest takes."""

MOST_FILES: Final = 100


class BadRulebook(QuangError):
    """A rulebook cannot be used; every wrong line is named.

    Attributes:
        file: Name of the file; empty if the books do not fit together.
        problems: What is wrong, by place.
        lines: Line of the file at which a place stands, from 1; a place that is absent has that of what is around it.
    """

    code = "bad_rulebook"

    def __init__(self, file: str, problems: Iterable[FieldProblem], lines: Mapping[str, int] | None = None) -> None:
        self.file = file
        self.problems = tuple(problems)
        self.lines = dict(lines or {})
        told = [_told(one, self.lines.get(one.field)) for one in self.problems]
        super().__init__(
            Text(
                vi=f"Không dùng được bộ quy định {file}: " + "; ".join(one.vi for one in told),
                en=f"The rulebook {file} cannot be used: " + "; ".join(one.en for one in told),
            ),
            Text(
                vi="Sửa các dòng được nêu trong tệp, hoặc bỏ tệp đi để dùng bản kèm theo chương trình.",
                en="Correct the lines named in the file, or take the file away to use the one that ships.",
            ),
        )


def read_rulebooks(own: Path | None = None) -> Rulebooks:
    """Return the rulebooks that ship, each replaced by the office's own of the same key.

    An office keeps its own copy to confirm lines, to enter its province's rates, or to add a circular before the
    program does.

    Args:
        own: Folder with the office's own `*.yaml`; need not exist.

    Raises:
        BadRulebook: A file is not as it should be, or two files of a folder have the same key or first year.
    """
    shipped = resources.files("inventory.assets") / "rulebooks"
    books = _by_key((entry.name, entry.read_bytes()) for entry in shipped.iterdir() if entry.name.endswith(".yaml"))
    if own is not None and own.is_dir():
        books |= _by_key(_files(own))
    return _fitting(books.values())


def parse_rulebook(file: str, content: bytes) -> WearBook | NormBook:
    """Return the rulebook that a file holds.

    Raises:
        BadRulebook: It is too long, no YAML, or a key or figure is wrong; all wrong ones are named.
    """
    if len(content) > LONGEST:
        text = Text(vi="Tệp dài hơn {most} byte.", en="The file is longer than {most} bytes.").fill(most=LONGEST)
        raise _bad(file, "", "too_long", text)
    try:
        values = yaml.load(content, Loader=_OneMeaning)  # noqa: S506 - a safe loader, made narrower
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        text = Text(vi="Không phải YAML đúng: {why}.", en="This is no proper YAML: {why}.")
        problem = FieldProblem("", "yaml", text.fill(why=getattr(error, "problem", None) or str(error)[:200]))
        raise BadRulebook(file, [problem], {} if mark is None else {"": mark.line + 1}) from None
    model = BOOK_KINDS.get(str(values.get("kind"))[:40]) if isinstance(values, dict) else None
    if model is None:
        text = Text(vi="Cần “kind” là một trong: {known}.", en="“kind” has to be one of: {known}.")
        raise _bad(file, "kind", "not_a_choice", text.fill(known=", ".join(BOOK_KINDS)))
    try:
        return model.model_validate(values)
    except ValidationError as error:
        problems = problems_in(error)
        raise BadRulebook(file, problems, _lines(content, [one.field for one in problems])) from None


class _OneMeaning(yaml.SafeLoader):
    """YAML without what lets a reader see one thing and the program another: repeated keys, aliases, merges."""

    def compose_node(self, parent: Any, index: Any) -> Any:  # noqa: ANN401 - the library's own
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("aliases are not used here")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        names = Counter(str(key.value) for key, _ in node.value)
        twice = [name for name, times in names.items() if times > 1]
        if twice:
            raise yaml.MarkedYAMLError(problem=f"{twice[0]} stands twice", problem_mark=node.start_mark)
        return super().construct_mapping(node, deep)


def _files(folder: Path) -> Iterable[tuple[str, bytes]]:
    try:
        names = sorted(name for name in folder.iterdir() if name.suffix == ".yaml")
    except OSError as error:
        raise _bad(folder.name, "", "unreadable", _UNREADABLE.fill(why=error.strerror)) from error
    if len(names) > MOST_FILES:
        text = Text(vi="Thư mục có hơn {most} tệp.", en="The folder has more than {most} files.").fill(most=MOST_FILES)
        raise _bad(folder.name, "", "too_many", text)
    for name in names:
        # Whatever else has such a name, a pipe say, would keep the program waiting.
        if not name.is_file():
            raise _bad(name.name, "", "unreadable", _UNREADABLE.fill(why="not a regular file"))
        try:
            with name.open("rb") as file:
                yield name.name, file.read(LONGEST + 1)
        except OSError as error:
            raise _bad(name.name, "", "unreadable", _UNREADABLE.fill(why=error.strerror)) from error


def _lines(content: bytes, places: Iterable[str]) -> dict[str, int]:
    """Return at which line of a file each place stands, from 1; of an absent one the line of what is around it."""
    found = {}
    for place in places:
        node: Any = yaml.compose(content, Loader=_OneMeaning)
        line = 1
        for part in place.split("."):
            pairs = node.value if isinstance(node, yaml.MappingNode) else []
            here = next(((key, value) for key, value in pairs if str(key.value) == part), None)
            if here is None:
                break
            line, node = here[0].start_mark.line + 1, here[1]
        found[place] = line
    return found


def _told(problem: FieldProblem, line: int | None) -> Text:
    """Return a problem with its place before it."""
    field, what = problem.field, problem.message
    if line is None:
        place = f"{field}: " if field else ""
        return Text(vi=f"{place}{what.vi}", en=f"{place}{what.en}")
    place = f"{line}, {field}" if field else f"{line}"
    return Text(vi=f"dòng {place}: {what.vi}", en=f"line {place}: {what.en}")


def _by_key(files: Iterable[tuple[str, bytes]]) -> dict[str, WearBook | NormBook]:
    books: dict[str, WearBook | NormBook] = {}
    for name, content in sorted(files):
        book = parse_rulebook(name, content)
        if book.key in books:
            raise _bad(name, "key", "taken", _TWICE.fill(what=same(book.key)))
        books[book.key] = book
    return books


def _fitting(books: Iterable[WearBook | NormBook]) -> Rulebooks:
    ordered = sorted(books, key=lambda book: book.in_force.day)
    wear = tuple(book for book in ordered if isinstance(book, WearBook))
    norms = tuple(book for book in ordered if isinstance(book, NormBook))
    for earlier, later in pairwise(wear):
        if earlier.first_year == later.first_year:
            raise _bad(later.key, "in_force.day", "taken", _TWICE.fill(what=later.first_year))
    return Rulebooks(wear, norms)


def _bad(file: str, field: str, code: str, text: Text) -> BadRulebook:
    return BadRulebook(file, [FieldProblem(field, code, text)])


_UNREADABLE: Final = Text(vi="Không đọc được tệp: {why}.", en="The file cannot be read: {why}.")
_TWICE: Final = Text(
    vi="“{what}” đã có ở một bộ quy định khác.", en="“{what}” is taken by another rulebook."
)  # fmt: skip
