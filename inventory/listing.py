"""Lists of a noun: narrowed, ordered, searched, page by page, in one statement with or without the total."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import ColumnElement, Row, Select, and_, false, func, literal, or_, select, true, tuple_
from sqlalchemy.orm import aliased

from inventory import cursor
from inventory.access.rights import Act, Actor, check, tree_below, visible
from inventory.books import Books
from inventory.columns import Booked, column
from inventory.db import reading
from inventory.errors import FieldProblem, Invalid
from inventory.fields import UNREADABLE, UNREADABLE_CODE, Record
from inventory.keys import Keys
from inventory.noun import STANDARD_SORTS, Noun
from inventory.places.sites import Site
from inventory.spelling import fold, is_storable
from inventory.text import Text
from inventory.wording import problems_in

MOST_ROWS: Final = 500
MOST_VALUES: Final = 100
MOST_WORDS: Final = 8
LONGEST_SEARCH: Final = 100


@dataclass(frozen=True, slots=True)
class Query:
    """What a list is asked for.

    Attributes:
        filters: Wanted values by field; any of several. References by key; `within` is a site with all below it;
            `at` is a site by slug; of a link either end counts. `FIELD_from` and `FIELD_to` bound what has an order.
        search: Words that all have to occur, without regard to case and diacritics.
        sort: A field, with `-` before it for descending; the key if empty. What has no value comes last.
        cursor: `Page.next_cursor` of the page before; empty for the first.
        limit: Rows of a page, 1 to 500.
        include_retired: Whether to show what went out of use.
        total: Whether to count all rows.
    """

    filters: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    search: str = ""
    sort: str = ""
    cursor: str = ""
    limit: int = 50
    include_retired: bool = False
    total: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list.

    Attributes:
        items: Rows of the noun's read model, in order.
        next_cursor: For the page after; `None` if this is the last.
        total: Number of rows over all pages, if it was asked for.
    """

    items: list[Record]
    next_cursor: str | None
    total: int | None


@dataclass(frozen=True, slots=True)
class Listing:
    """A list that is about to be read.

    Attributes:
        noun: What is listed.
        query: What was asked.
        conditions: Which rows fit, on whatever page; the reader's rights among them.
        statement: The rows of the page and one more, as `rows_of` with whatever columns are added.
        order: By what it is ordered, and where the page begins.
    """

    noun: Noun
    query: Query
    conditions: tuple[ColumnElement[bool], ...]
    statement: Select[Any]
    order: "_Order"

    def page(self, keys: Keys, rows: Sequence[Row[Any]], total: int | None) -> Page:
        """Return what was read as a page."""
        most, next_cursor = self.query.limit, None
        if len(rows) > most:
            last = rows[most - 1][0]
            next_cursor = cursor.pack(keys, _question(self.noun, self.query), getattr(last, self.order.name), last.id)
        return Page([shown(self.noun, row) for row in rows[:most]], next_cursor, total)


def listing(books: Books, actor: Actor, noun: Noun, query: Query) -> Listing:
    """Return how a page of what the actor may see is read.

    Raises:
        Forbidden, Invalid: As `list_`.
    """
    check(actor, Act.READ, noun.path)
    conditions = (visible(actor, noun.table), *_conditions(noun, query))
    order = _order(noun, query.sort)
    statement = rows_of(noun).where(*conditions, *order.after(books.keys, _question(noun, query), query.cursor))
    return Listing(noun, query, conditions, statement.order_by(*order.terms()).limit(query.limit + 1), order)


def list_(books: Books, actor: Actor, noun: Noun, query: Query) -> Page:
    """Return one page of what the actor may see.

    Rows that are written meanwhile appear where they belong; none is shown twice and none is left out.

    Raises:
        Forbidden: The actor may not read the noun.
        Invalid: A filter, the sort, the limit or the cursor is wrong.
    """
    asked = listing(books, actor, noun, query)
    statement = asked.statement
    counted = select(func.count()).select_from(noun.table).where(*asked.conditions)
    if query.total:
        statement = statement.add_columns(counted.scalar_subquery())
    with reading(books.engine) as session:
        rows = session.execute(statement).all()
        total = None
        if query.total:
            # Without a row there is nothing to read it from: of a first page it is nought then.
            total = rows[0][-1] if rows else session.execute(counted).scalar_one() if query.cursor else 0
    return asked.page(books.keys, rows, total)


def numbers_of(books: Books, actor: Actor, noun: Noun, query: Query, keys: Collection[str] | None = None) -> list[int]:
    """Return the internal numbers of all rows of a list in its order, whatever its limit and cursor say.

    Args:
        books: The books.
        actor: The reader.
        noun: What is listed.
        query: Which rows in which order.
        keys: Only rows with one of these keys; `None` for all.

    Raises:
        Forbidden, Invalid: As `list_`.
    """
    check(actor, Act.READ, noun.path)
    conditions = [visible(actor, noun.table), *_conditions(noun, query)]
    number, key = column(noun.table, "id"), column(noun.table, noun.table.KEY)
    statement = select(number, key).where(*conditions).order_by(*_order(noun, query.sort).terms())
    with reading(books.engine) as session:
        return [row[0] for row in session.execute(statement) if keys is None or str(row[1]) in keys]


def rows_of(noun: Noun) -> Select[Any]:
    """Return the query of rows with, after each, the keys of what it refers to, in the order of `noun.references`."""
    statement: Select[Any] = select(noun.table)
    for reference in noun.references.values():
        other = aliased(reference.table)
        statement = statement.add_columns(getattr(other, reference.table.KEY)).outerjoin(
            other,
            column(noun.table, reference.column) == getattr(other, "id"),  # noqa: B009 - typed as a value
        )
    return statement


def shown(noun: Noun, found: Row[Any]) -> Record:
    """Return a row of `rows_of`, whatever columns follow, as the noun's read model."""
    row: Booked = found[0]
    values = dict(row.__dict__) | dict(zip(noun.references, found[1 : 1 + len(noun.references)], strict=True))
    values["key"] = row.key
    if noun.show is not None:
        noun.show(values)
    kinds = _kinds(noun.read)
    # What stands in the books was checked when it was written; a row that was spoilt since must still be shown.
    return noun.read.model_construct(
        **{name: _as_kind(kinds.get(name), values[name]) for name in noun.read.model_fields if name in values}
    )


@cache
def _kinds(model: type[Record]) -> dict[str, type[StrEnum]]:
    return {
        name: info.annotation
        for name, info in model.model_fields.items()
        if isinstance(info.annotation, type) and issubclass(info.annotation, StrEnum)
    }


def _as_kind(kind: type[StrEnum] | None, value: Any) -> Any:  # noqa: ANN401 - any column's value
    if kind is None:
        return value
    try:
        return kind(value)
    except ValueError:
        return value


@dataclass(frozen=True, slots=True)
class _Order:
    """An order with the number of the row as its last word, so that equal values keep their places."""

    table: type[Booked]
    name: str
    descending: bool
    nullable: bool

    def terms(self) -> list[ColumnElement[Any]]:
        sorted_by, number = column(self.table, self.name), column(self.table, "id")
        if self.descending:
            return [sorted_by.desc().nulls_last() if self.nullable else sorted_by.desc(), number.desc()]
        return [sorted_by.asc().nulls_last() if self.nullable else sorted_by.asc(), number.asc()]

    def after(self, keys: Keys, question: str, packed: str) -> list[ColumnElement[bool]]:
        if not packed:
            return []
        value, last = cursor.unpack(keys, question, packed)
        sorted_by, number = column(self.table, self.name), column(self.table, "id")
        further = number < last if self.descending else number > last
        if value is None:
            return [sorted_by.is_(None), further]
        here = tuple_(literal(value, sorted_by.type), literal(last))
        pair = tuple_(sorted_by, number)
        beyond: ColumnElement[bool] = pair < here if self.descending else pair > here
        return [or_(beyond, sorted_by.is_(None))] if self.nullable else [beyond]


def _order(noun: Noun, sort: str) -> _Order:
    name = sort.removeprefix("-") or noun.table.KEY
    known = {noun.table.KEY, *noun.sorts, *STANDARD_SORTS}
    if name not in known:
        message = Text(
            vi="Không sắp xếp được theo “{name}”; chọn: {known}.", en="“{name}” cannot be sorted by; choose: {known}."
        )
        raise Invalid([FieldProblem("sort", "not_a_choice", message.fill(name=name, known=", ".join(sorted(known))))])
    stored = "order_text" if name == noun.table.ORDER else name
    columns = noun.table.metadata.tables[str(noun.table.__tablename__)].c
    return _Order(noun.table, stored, sort.startswith("-"), bool(columns[stored].nullable))


def _question(noun: Noun, query: Query) -> str:
    filters = {name: value if isinstance(value, str) else list(value) for name, value in query.filters.items()}
    return json.dumps([noun.path, filters, query.search, query.sort, query.include_retired], sort_keys=True)


def _conditions(noun: Noun, query: Query) -> list[ColumnElement[bool]]:
    problems: list[FieldProblem] = []
    if not 1 <= query.limit <= MOST_ROWS:
        problems.append(FieldProblem("limit", "out_of_range", _LIMIT.fill(most=MOST_ROWS), str(query.limit)))
    if not is_storable(query.search):
        problems.append(FieldProblem("search", UNREADABLE_CODE, UNREADABLE))
    if len(query.search) > LONGEST_SEARCH:
        problems.append(FieldProblem("search", "too_long", _LONG.fill(most=LONGEST_SEARCH)))
    searched = column(noun.table, "search_text")
    words = fold(query.search).split()[:MOST_WORDS]
    conditions: list[ColumnElement[bool]] = [searched.contains(word, autoescape=True) for word in words]
    if not query.include_retired:
        conditions.append(column(noun.table, "retired_at").is_(None))
    for name, wanted in query.filters.items():
        values = [wanted] if isinstance(wanted, str) else list(wanted)
        if len(values) > MOST_VALUES:
            problems.append(FieldProblem(name, "too_long", _MANY.fill(most=MOST_VALUES)))
            continue
        if not all(map(is_storable, values)):
            problems.append(FieldProblem(name, UNREADABLE_CODE, UNREADABLE))
            continue
        condition = _filter(noun, name, values, problems)
        if condition is not None:
            conditions.append(condition)
    if problems:
        raise Invalid(problems)
    return conditions


def _at(noun: Noun, name: str, values: list[str]) -> ColumnElement[bool]:
    if name == "within":
        return or_(false(), *(noun.table.seen_from(select(tree_below(value).c.id)) for value in values))
    return noun.table.seen_from(select(column(Site, "id")).where(column(Site, "slug").in_(values)))


def _filter(noun: Noun, name: str, values: list[str], problems: list[FieldProblem]) -> ColumnElement[bool] | None:
    if noun.placed and name in {"at", "within"}:
        return _at(noun, name, values)
    if name in noun.references:
        reference = noun.references[name]
        here = column(noun.table, reference.column)
        if values == [""]:
            return here.is_(None)
        return here.in_(
            select(column(reference.table, "id")).where(column(reference.table, reference.table.KEY).in_(values))
        )
    base = name.removesuffix("_from").removesuffix("_to")
    if base != name and base in noun.ranges:
        typed = _typed(noun, base, name, values, problems)
        here = column(noun.table, base)
        return and_(true(), *(here >= value if name.endswith("_from") else here <= value for value in typed))
    if name in noun.filters or name == noun.table.KEY:
        return column(noun.table, name).in_(_typed(noun, name, name, values, problems))
    known = sorted({*noun.filters, *noun.references, *(f"{one}_from" for one in noun.ranges)})
    problems.append(FieldProblem(name, "unknown", _UNKNOWN.fill(known=", ".join(known))))
    return None


def _typed(noun: Noun, stored: str, name: str, values: list[str], problems: list[FieldProblem]) -> list[Any]:
    adapter: TypeAdapter[Any] = _adapter(noun.read, stored)
    typed = []
    for value in values:
        try:
            typed.append(adapter.validate_python(value))
        except ValidationError as error:
            problems.extend(
                FieldProblem(name, problem.code, problem.message, problem.value) for problem in problems_in(error)[:1]
            )
    return typed


@cache
def _adapter(model: type[Record], name: str) -> TypeAdapter[Any]:
    kind: Any = model.model_fields[name].annotation
    return TypeAdapter(kind)


_LIMIT: Final = Text(vi="Mỗi trang từ 1 đến {most} dòng.", en="A page has 1 to {most} rows.")
_LONG: Final = Text(vi="Dài nhất {most} ký tự.", en="At most {most} characters are allowed.")
_MANY: Final = Text(vi="Nhiều nhất {most} giá trị.", en="At most {most} values are allowed.")
_UNKNOWN: Final = Text(vi="Không lọc theo trường này được; các trường: {known}.", en="Filter by one of: {known}.")
