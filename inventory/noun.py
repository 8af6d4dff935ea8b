"""What the register has to know of a noun to list, write and retire it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sqlmodel import Session

from inventory.access.rights import Act
from inventory.columns import Booked
from inventory.draft import Draft, nothing_more
from inventory.fields import Entry, Record
from inventory.near import Near

STANDARD_SORTS: Final = ("created_at", "updated_at")


@dataclass(frozen=True, slots=True)
class Reference:
    """A field that names another row by its key.

    Attributes:
        column: The column with the other row's number.
        table: What it refers to.
    """

    column: str
    table: type[Booked]


@dataclass(frozen=True, slots=True, kw_only=True)
class Noun:
    """One noun of the books.

    Attributes:
        path: Its word in addresses, plural.
        table: Its table class.
        read: Model of what is shown.
        create: Model of what creates one; `None` if it is not created this way.
        change: Model of what changes one; `None` if it is not changed this way.
        fixed: Fields that never change once written.
        references: Fields that hold keys of other rows.
        unique: Fields of which no two rows may have the same value.
        filters: Fields by which lists are narrowed, besides the references.
        ranges: Fields that lists narrow by `FIELD_from` and `FIELD_to`.
        sorts: Fields by which lists are ordered, besides those of every noun.
        placed: Whether it stands at a site, so that lists are narrowed by `at` and `within`.
        parties: Gives the internal numbers of the sites that a row is of.
        show: Turns stored columns into what the read model shows, in place.
        near: What its rows may not share beyond single columns; its rules find such rows by `Draft.sharing`.
        examine: Finds what is wrong beyond single fields.
        leave: Raises `Conflict` where a row must not be retired.
        write: The act whose right a write needs.
        retires: Whether it is retired and restored this way.
        secret: Fields whose values are never repeated.
    """

    path: str
    table: type[Booked]
    read: type[Record]
    create: type[Entry] | None = None
    change: type[Entry] | None = None
    fixed: frozenset[str] = frozenset()
    references: Mapping[str, Reference] = field(default_factory=dict)
    unique: tuple[str, ...] = ()
    filters: tuple[str, ...] = ()
    ranges: tuple[str, ...] = ()
    sorts: tuple[str, ...] = ()
    placed: bool = False
    parties: Callable[[Session, Booked], Iterable[int]] = lambda _session, _row: ()
    show: Callable[[dict[str, Any]], None] | None = None
    near: Near | None = None
    examine: Callable[[Draft], None] = nothing_more
    leave: Callable[[Session, Booked], None] = lambda _session, _row: None
    write: Act = Act.WRITE
    retires: bool = True
    secret: frozenset[str] = frozenset()
