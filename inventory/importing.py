"""Imports: the rows of a file go into the books all together or not at all; a rehearsal is the same, rolled back."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from inventory import history
from inventory.access.rights import Actor, check
from inventory.books import Books
from inventory.cell_values import Kind, Misread, Reading, kind_of
from inventory.cells import Row, Sheet
from inventory.columns import Booked, now
from inventory.db import writing
from inventory.errors import Conflict, FieldProblem, Forbidden, Invalid
from inventory.filling import Sitting, filled
from inventory.headings import HEADINGS
from inventory.import_report import Report, RowAct, RowProblem, shortened
from inventory.mapping import Mapped, importable, mapped
from inventory.matching import Found, gather, match, match_key, matched_by, refer
from inventory.noun import Noun
from inventory.spelling import fold
from inventory.text import Text, same

Progress = Callable[[int, int], None]
"""Told how many steps of how many are done; each row is two."""

_AT_ONCE: Final = 1_000
_STEP: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How a file is imported.

    Attributes:
        dry_run: Only rehearse: everything is done, and then undone.
        mapping: Field by heading, as a person says it; an empty field leaves the column out. Remembered.
        empty_clears: Whether an empty cell empties the field of a row in the books; otherwise it stays as it is.
    """

    dry_run: bool = False
    mapping: Mapping[str, str] | None = None
    empty_clears: bool = False


def import_(
    books: Books,
    actor: Actor,
    noun: Noun,
    sheet: Sheet,
    manner: Manner,
    *,
    progress: Progress = lambda _done, _all: None,
) -> Report:
    """Write the rows of a file: those that the books have are changed, others are created.

    Args:
        books: The books.
        actor: Who imports; sees and writes what it may.
        noun: What the rows are.
        sheet: As `inventory.spreadsheet.read_sheet` gives it.
        manner: How.
        progress: Is told how far it is.

    Returns:
        What was found and done. With any problem, or in a rehearsal, nothing was written.

    Raises:
        Forbidden: The actor may not write the noun.
        Conflict: The noun does not come from files.
        inventory.cells.BadFile: The file holds nothing or is another list.
        Invalid: `manner.mapping` names what there is not.
    """
    check(actor, noun.write, noun.path)
    if not importable(noun):
        raise Conflict(_NOT_FROM_FILES.fill(noun=noun.table.NOUN), _OWN_WAY)
    report = Report(noun.path, manner.dry_run)
    try:
        with writing(books.engine) as session:
            history.alone(session)
            _Import(Sitting(books, session, actor, noun), manner, report, progress).run(sheet)
            _keep(report)
    except _Undone:
        pass
    except IntegrityError as error:
        raise Conflict(_AGAINST_RULES, _SAY_SO) from error
    else:
        report.written = True
    return report


def _keep(report: Report) -> None:
    if report.problems or report.dry_run:
        raise _Undone


class _Undone(Exception):
    """The transaction is to be rolled back."""


@dataclass(slots=True)
class _Line:
    """A row of the file on its way into the books.

    Attributes:
        number: Of the row in the file.
        values: By field, as far as they could be read.
        blank: Fields whose cells are empty.
        wrong: Fields whose cells could not be read.
        changed: Fields in which the books are brought to what the row says.
    """

    number: int
    values: dict[str, Any] = field(default_factory=dict)
    blank: list[str] = field(default_factory=list)
    wrong: set[str] = field(default_factory=set)
    changed: tuple[str, ...] = ()


class _Import:
    def __init__(self, sitting: Sitting, manner: Manner, report: Report, progress: Progress) -> None:
        self._sitting = sitting
        self._noun = sitting.noun
        self._session: Session = sitting.session
        self._manner = manner
        self._report = report
        self._progress = progress
        self._acts: list[history.Done] = []
        self._lines_of_acts: list[_Line] = []
        self._file: Mapped
        self._found: Found
        self._broken: set[str] = set()
        self._column_of: dict[str, str] = {}

    def run(self, sheet: Sheet) -> None:
        self._file = mapped(self._session, self._noun, sheet, self._manner.mapping)
        self._report.columns = self._file.columns
        self._column_of = {
            name: self._noun.references[name].column if name in self._noun.references else name
            for name in self._file.fields
        }
        self._report.rows = len(self._file.rows)
        reading = Reading(sheet.epoch, self._sitting.books.zone)
        kinds = {name: kind_of(self._noun, name) for name in self._file.fields}
        lines = [self._read(row, reading, kinds) for row in self._file.rows]
        self._found = refer(self._session, self._sitting.actor, self._noun, [line.values for line in lines])
        self._resolve(lines)
        match(self._session, self._sitting.actor, self._found, [line.values for line in lines])
        self._sitting = Sitting(
            self._sitting.books, self._session, self._sitting.actor, self._noun, lookups=self._found
        )
        gather(self._session, self._found, [(line.values, self._match(line)) for line in lines])
        self._refuse_twice(lines)
        for count, line in enumerate(_parents_first(self._noun, lines)):
            if count % _STEP == 0:
                self._progress(count, 2 * len(lines))
            self._write(line)
        self._finish(len(lines))
        self._report.problems.sort(key=lambda one: (one.row, self._place(one.field)))

    def _read(self, row: Row, reading: Reading, kinds: Mapping[str, Kind]) -> _Line:
        line = _Line(row.number)
        for name, there in self._file.fields.items():
            cell = row.cells.get(there.place)
            if cell is None:
                line.blank.append(name)
                continue
            try:
                value = reading.value(self._noun, name, kinds[name], cell)
            except Misread as error:
                line.wrong.add(name)
                one = FieldProblem(name, error.code, error.message, shortened(cell))
                self._problem(line, one, error.suggestion)
            else:
                line.values[name] = value
        return line

    def _resolve(self, lines: Sequence[_Line]) -> None:
        """Turn names that people use for what is referred to into keys."""
        for name, reference in self._noun.references.items():
            directory = self._found.directories[reference.table]
            for line in lines:
                if name in line.values:
                    line.values[name] = directory.key(str(line.values[name]))

    def _refuse_twice(self, lines: Sequence[_Line]) -> None:
        """Refuse a thing that stands in the file more than once: nobody could tell which of the rows is right."""
        groups = {*matched_by(self._noun), *((name,) for name in self._noun.unique)}
        for names in sorted(groups):
            first: dict[tuple[str, ...], int] = {}
            for line in lines:
                key = match_key(names, line.values)
                if key is None:
                    continue
                if key in first:
                    value = shortened(line.values[names[0]])
                    one = FieldProblem(names[0], "twice", _TWICE.fill(row=first[key]), value)
                    self._problem(line, one, _KEEP_ONE)
                    line.wrong.add(names[0])
                else:
                    first[key] = line.number

    def _write(self, line: _Line) -> None:
        row = self._match(line)
        if row is not None and row.retired_at is not None:
            text = _RETIRED.fill(noun=self._noun.table.NOUN, key=row.key)
            self._problem(line, FieldProblem(matched_by(self._noun)[0][0], "retired", text, row.key), _RESTORE)
            return
        values = line.values if row is None else self._differing(line, row)
        if row is not None and not values and not line.wrong:
            self._report.unchanged += 1
            return
        self._write_those_before(row, values)
        try:
            columns = filled(self._sitting, row, values)
        except Invalid as error:
            self._note(line, error.problems)
            return
        if line.wrong:
            self._broken.add(str(line.values.get(self._noun.table.KEY)))
            return
        if row is None:
            self._create(line, columns)
        else:
            self._change(line, row, columns)

    def _write_those_before(self, row: Booked | None, values: Mapping[str, Any]) -> None:
        """Write the rows before, where this one stands on one of them or its rules look up a chain of such rows."""
        own = [name for name, reference in self._noun.references.items() if reference.table is self._noun.table]
        rows = self._found.directories[self._noun.table].rows if own else {}
        named = [rows.get(str(values[name])) for name in own if name in values]
        if any(other is not None and (row is not None or other.id is None) for other in named):
            self._session.flush()

    def _match(self, line: _Line) -> Booked | None:
        for names in matched_by(self._noun):
            key = match_key(names, line.values)
            if key is not None:
                found = self._found.matches.get(key)
                if found is not None or names == matched_by(self._noun)[0]:
                    return found
        return None

    def _differing(self, line: _Line, row: Booked) -> dict[str, Any]:
        """Return the values that differ from the books: what a row has already is not judged anew."""
        values = dict(line.values)
        if self._manner.empty_clears:
            assert self._noun.create is not None  # noqa: S101 - only such nouns are imported
            fields = self._noun.create.model_fields
            for name in line.blank:
                required = fields[name].is_required()
                values[name] = "" if required else fields[name].get_default(call_default_factory=True)
        differing = {}
        for name, value in values.items():
            reference = self._noun.references.get(name)
            stored = getattr(row, name) if reference is None else self._found.key_of(reference, row)
            if stored != value:
                differing[name] = value
        return differing

    def _create(self, line: _Line, columns: Mapping[str, Any]) -> None:
        row = self._noun.table(**columns)
        self._session.add(row)
        self._found.book(row, {})
        self._report.created += 1
        self._act(line, row, "create", None, set())

    def _change(self, line: _Line, row: Booked, columns: Mapping[str, Any]) -> None:
        changed = {name: value for name, value in columns.items() if getattr(row, name) != value}
        if not changed:
            self._report.unchanged += 1
            return
        before, parties = history.masked(row), set(self._noun.parties(self._session, row))
        unique = {name: getattr(row, name) for name in self._noun.unique}
        for name, value in changed.items():
            setattr(row, name, value)
        row.version += 1
        row.updated_at = now()
        self._found.book(row, unique)
        self._report.changed += 1
        line.changed = tuple(name for name, its in self._column_of.items() if its in changed)
        self._act(line, row, "update", before, parties)

    def _act(self, line: _Line, row: Booked, act: str, before: dict[str, Any] | None, parties: set[int]) -> None:
        self._acts.append(history.Done(act, row, before, parties))
        self._lines_of_acts.append(line)

    def _finish(self, lines: int) -> None:
        """Write the rows and their history."""
        self._session.flush()
        self._report.acts = sorted(
            (
                RowAct(line.number, done.obj.key, line.changed, is_new=done.act == "create")
                for done, line in zip(self._acts, self._lines_of_acts, strict=True)
            ),
            key=lambda one: one.row,
        )
        actor = self._sitting.actor
        for start in range(0, len(self._acts), _AT_ONCE):
            self._progress(lines + start * lines // len(self._acts), 2 * lines)
            acts = []
            for done, line in zip(
                self._acts[start : start + _AT_ONCE], self._lines_of_acts[start : start + _AT_ONCE], strict=True
            ):
                after = set(self._noun.parties(self._session, done.obj))
                if actor.site_ids is not None and not after <= actor.site_ids:
                    self._problem(line, FieldProblem("", "forbidden", Forbidden().reason))
                acts.append(history.Done(done.act, done.obj, done.before, after.union(done.sites)))
            history.record_all(self._session, self._sitting.books.keys, actor=actor, acts=acts)
        self._progress(2 * lines, 2 * lines)

    def _note(self, line: _Line, problems: Sequence[FieldProblem]) -> None:
        self._broken.add(str(line.values.get(self._noun.table.KEY)))
        for one in problems:
            name = one.field.partition(".")[0]
            # A cell that could not be read is told once, and so is a row that another one of the file waits for.
            told = name in line.wrong
            reference = self._noun.references.get(name)
            waits = reference is not None and reference.table is self._noun.table and one.value in self._broken
            if not told and not waits:
                self._problem(line, replace(one, field=name), self._suggestion(line, name, one))

    def _suggestion(self, line: _Line, name: str, one: FieldProblem) -> Text | None:
        reference = self._noun.references.get(name)
        if one.code == "no_such" and reference is not None:
            near = self._found.directories[reference.table].suggestion(str(line.values.get(name, "")))
            return None if near is None else same(near)
        if one.code == "required" and name not in self._file.fields and name in HEADINGS[self._noun.path]:
            return _ADD_COLUMN.fill(heading=HEADINGS[self._noun.path][name].text)
        if one.code == "placeholder":
            return _LEAVE_EMPTY
        if one.code == "slug":
            return _as_slug(str(line.values.get(name, "")))
        return None

    def _problem(self, line: _Line, one: FieldProblem, suggestion: Text | None = None) -> None:
        there = self._file.fields.get(one.field)
        known = HEADINGS[self._noun.path].get(one.field)
        column = there.heading if there is not None else known.text if known is not None else one.field
        self._report.add(RowProblem(line.number, column, one.field, one.code, one.value, one.message, suggestion))

    def _place(self, name: str) -> int:
        there = self._file.fields.get(name)
        return len(self._file.columns) if there is None else there.place


def _parents_first(noun: Noun, lines: Sequence[_Line]) -> Iterator[_Line]:
    """Give the rows such that one comes after those of the file that it refers to; a circle stays as it is."""
    own = [name for name, reference in noun.references.items() if reference.table is noun.table]
    if not own:
        yield from lines
        return
    by_key = {str(line.values.get(noun.table.KEY)): line for line in lines}
    given: set[int] = set()
    for line in lines:
        waiting = [(line, False)]
        while waiting:
            one, ready = waiting.pop()
            if ready:
                yield one
                continue
            if one.number in given:
                continue
            given.add(one.number)
            waiting.append((one, True))
            above = (by_key.get(str(one.values[name])) for name in own if name in one.values)
            waiting += [(other, False) for other in above if other is not None and other.number not in given]


def _as_slug(text: str) -> Text | None:
    slug = re.sub(r"[^a-z0-9._-]+", "-", fold(text)).strip("-._")[:64]
    return same(slug) if slug else None


_NOT_FROM_FILES: Final = Text(vi="{noun} không nhập từ tệp.", en="A {noun} does not come from a file.")
_OWN_WAY: Final = Text(vi="Dùng trang hoặc lệnh riêng của mục này.", en="Use its own page or command.")
_AGAINST_RULES: Final = Text(
    vi="Dữ liệu trái với ràng buộc của sổ; chưa ghi gì.", en="This breaks a rule of the books; nothing was written."
)
_SAY_SO: Final = Text(
    vi="Nhập thử lại; nếu vẫn lỗi, báo người quản trị.", en="Try again; if it stays, tell an administrator."
)
_TWICE: Final = Text(vi="Trùng với dòng {row} của tệp.", en="The file has this in row {row} already.")
_KEEP_ONE: Final = Text(vi="Giữ một trong hai dòng.", en="Keep one of the two rows.")
_RETIRED: Final = Text(vi="{noun} “{key}” đã ngừng dùng.", en="The {noun} “{key}” is retired.")
_RESTORE: Final = Text(vi="Khôi phục mục đó trước, hoặc bỏ dòng này.", en="Restore it first, or leave the row out.")
_ADD_COLUMN: Final = Text(vi="Thêm cột “{heading}”.", en="Add the column “{heading}”.")
_LEAVE_EMPTY: Final = Text(vi="Để trống ô này.", en="Leave the cell empty.")
