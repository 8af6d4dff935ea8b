"""The register: every noun is listed, shown, created, changed, retired and restored by the same few acts."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import Table, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, SQLModel

from inventory import history
from inventory.access.rights import Act, Actor, check, visible
from inventory.books import Books
from inventory.columns import Booked, column, now
from inventory.db import reading, writing
from inventory.errors import Conflict, Forbidden, NotFound, Stale
from inventory.fields import Record
from inventory.filling import Sitting, Values, filled
from inventory.listing import Page, Query, list_, rows_of, shown
from inventory.noun import Noun
from inventory.replays import Once
from inventory.spelling import is_storable
from inventory.tables import BOOKED
from inventory.text import Text

__all__ = ["Page", "Query", "create", "get", "list_", "restore", "retire", "update"]


def get(books: Books, actor: Actor, noun: Noun, key: str) -> Record:
    """Return one object by its key, in use or retired.

    Raises:
        Forbidden: The actor may not read the noun.
        NotFound: There is none, or the actor may not know of it.
    """
    check(actor, Act.READ, noun.path)
    with reading(books.engine) as session:
        return _shown(Sitting(books, session, actor, noun), key)


def create(books: Books, actor: Actor, noun: Noun, values: Values, once: Once | None = None) -> Record:
    """Write a new object and return it.

    Args:
        books: The books.
        actor: Who writes; sees nothing outside its own sites, so cannot refer to it either.
        noun: What to create.
        values: As sent, or as the noun's create model.
        once: What the request is known by if it is sent again; written in the same transaction.

    Raises:
        Forbidden: The actor may not write the noun.
        Invalid: Fields are wrong; all of them are named.
        Conflict: The noun is not created this way.
        inventory.replays.Replayed: The same request created something before.
    """
    check(actor, noun.write, noun.path)
    if noun.create is None or noun.change is None:
        raise _not_this_way(noun)
    with _sitting(books, actor, noun) as sitting:
        if once is not None:
            once.begin(sitting.session)
        row = noun.table(**filled(sitting, None, values))
        written = _book(sitting, row, "create")
        if once is not None:
            once.end(sitting.session, written.key)
        return written


def update(  # noqa: PLR0917 - who, what, which, from when, how
    books: Books, actor: Actor, noun: Noun, key: str, version: int, values: Values
) -> Record:
    """Change the fields that are sent, leave the others, and return the object.

    Nothing is written, and the version stays, where nothing differs.

    Args:
        books: The books.
        actor: Who writes.
        noun: What to change.
        key: Which one.
        version: The version that the change was made from.
        values: As sent, or as the noun's change model.

    Raises:
        Forbidden: The actor may not write the noun, or not at this site.
        NotFound: There is none, or the actor may not know of it.
        Stale: It was written since `version`.
        Invalid: Fields are wrong; all of them are named.
        Conflict: The noun is not changed this way, or the object is retired.
    """
    check(actor, noun.write, noun.path)
    if noun.change is None:
        raise _not_this_way(noun)
    with _sitting(books, actor, noun) as sitting:
        row = _found(sitting, key, version)
        if row.retired_at is not None:
            raise Conflict(_RETIRED.fill(noun=noun.table.NOUN, key=key), _RESTORE_FIRST)
        before, parties = history.masked(row), set(noun.parties(sitting.session, row))
        columns = filled(sitting, row, values)
        changed = {name: value for name, value in columns.items() if getattr(row, name) != value}
        if not changed:
            return _shown(sitting, row.key)
        for name, value in changed.items():
            setattr(row, name, value)
        return _book(sitting, row, "update", before, parties)


def retire(books: Books, actor: Actor, noun: Noun, key: str, version: int) -> Record:
    """Take an object out of use; its row and history stay, and its name stays taken.

    Raises:
        Forbidden: The actor may not write the noun.
        NotFound: There is none, or the actor may not know of it.
        Stale: It was written since `version`.
        Conflict: It is retired already, or something in use still needs it.
    """
    check(actor, noun.write, noun.path)
    if not noun.retires:
        raise _not_this_way(noun)
    with _sitting(books, actor, noun) as sitting:
        row = _found(sitting, key, version)
        if row.retired_at is not None:
            raise Conflict(_RETIRED.fill(noun=noun.table.NOUN, key=key), _NOTHING_TO_DO)
        noun.leave(sitting.session, row)
        needed = _needed_by(sitting.session, row)
        if needed is not None:
            raise Conflict(
                _NEEDED.fill(noun=noun.table.NOUN, key=key, by=needed),
                Text(vi="Ngừng dùng hoặc chuyển những mục đó trước.", en="Retire or move those first."),
            )
        before, parties = history.masked(row), set(noun.parties(sitting.session, row))
        row.retired_at = now()
        return _book(sitting, row, "retire", before, parties)


def restore(books: Books, actor: Actor, noun: Noun, key: str, version: int) -> Record:
    """Take a retired object into use again.

    Raises:
        Forbidden: The actor may not write the noun.
        NotFound: There is none, or the actor may not know of it.
        Stale: It was written since `version`.
        Invalid: It fits the books no longer: somebody else took its place.
        Conflict: It is not retired, or what it refers to is.
    """
    check(actor, noun.write, noun.path)
    if not noun.retires:
        raise _not_this_way(noun)
    with _sitting(books, actor, noun) as sitting:
        row = _found(sitting, key, version)
        if row.retired_at is None:
            raise Conflict(
                Text(vi="{noun} “{key}” đang được dùng.", en="The {noun} “{key}” is in use.").fill(
                    noun=noun.table.NOUN, key=key
                ),
                _NOTHING_TO_DO,
            )
        for reference in noun.references.values():
            other = sitting.session.get(reference.table, getattr(row, reference.column) or 0)
            if other is not None and other.retired_at is not None:
                raise Conflict(_RETIRED.fill(noun=reference.table.NOUN, key=other.key), _RESTORE_FIRST)
        before, parties = history.masked(row), set(noun.parties(sitting.session, row))
        row.retired_at = None
        if noun.change is not None:
            filled(sitting, row, {})
        return _book(sitting, row, "restore", before, parties)


@contextmanager
def _sitting(books: Books, actor: Actor, noun: Noun) -> Iterator[Sitting]:
    """Begin a transaction in which nobody else writes the books until it commits."""
    with writing(books.engine) as session:
        history.alone(session)
        yield Sitting(books, session, actor, noun)


def _book(
    sitting: Sitting, row: Booked, act: str, before: dict[str, Any] | None = None, parties: Iterable[int] = ()
) -> Record:
    """Write the row with its history, and return it as it is shown."""
    if before is not None:
        row.version += 1
        row.updated_at = now()
    session, actor = sitting.session, sitting.actor
    session.add(row)
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict(
            Text(
                vi="Dữ liệu trái với ràng buộc của sổ; chưa ghi gì.",
                en="This breaks a rule of the books; nothing was written.",
            ),
            Text(vi="Tải lại trang rồi thử lại.", en="Reload and try again."),
        ) from error
    after = set(sitting.noun.parties(session, row))
    if actor.site_ids is not None and not after <= actor.site_ids:
        raise Forbidden
    sites = after.union(parties)
    history.record(session, sitting.books.keys, actor=actor, act=act, obj=row, before=before, sites=sites)
    return _shown(sitting, row.key)


def _key_condition(noun: Noun, key: str) -> Any:  # noqa: ANN401 - a condition of a query
    here = column(noun.table, noun.table.KEY)
    if len(key) > _LONGEST_KEY or not is_storable(key):
        raise NotFound(noun.table.NOUN, "…")
    if noun.table.KEY != "id":
        return here == key
    if not (key.isascii() and key.isdecimal() and len(key) < 10):
        raise NotFound(noun.table.NOUN, key)
    return here == int(key)


def _shown(sitting: Sitting, key: str) -> Record:
    noun = sitting.noun
    statement = rows_of(noun).where(visible(sitting.actor, noun.table), _key_condition(noun, key))
    found = sitting.session.execute(statement).one_or_none()
    if found is None:
        raise NotFound(noun.table.NOUN, key)
    return shown(noun, found)


def _found(sitting: Sitting, key: str, version: int) -> Booked:
    noun = sitting.noun
    statement = select(noun.table).where(visible(sitting.actor, noun.table), _key_condition(noun, key))
    row: Booked | None = sitting.session.execute(statement).scalar_one_or_none()
    if row is None:
        raise NotFound(noun.table.NOUN, key)
    if row.version != version:
        raise Stale(row.version)
    return row


def _needed_by(session: Session, row: Booked) -> Text | None:
    """Return what in use still refers to the row, at most a few of each noun."""
    needed: list[Text] = []
    for table in BOOKED:
        if not table.CHAINED:
            continue
        for key in _table(table).foreign_keys:
            if key.column.table is not _table(type(row)):
                continue
            mine = column(table, key.parent.name) == row.id
            others = session.execute(select(table).where(mine, table.in_use()).limit(_NAMED)).scalars()
            needed += [_ONE.fill(noun=table.NOUN, key=other.key) for other in others]
    return Text(vi=", ".join(one.vi for one in needed), en=", ".join(one.en for one in needed)) if needed else None


def _table(noun: type[Booked]) -> Table:
    return SQLModel.metadata.tables[str(noun.__tablename__)]


_LONGEST_KEY: Final = 120
_NAMED: Final = 3
_ONE: Final = Text(vi="{noun} “{key}”", en="{noun} “{key}”")
_RETIRED: Final = Text(vi="{noun} “{key}” đã ngừng dùng.", en="The {noun} “{key}” is retired.")
_RESTORE_FIRST: Final = Text(vi="Khôi phục mục đó trước.", en="Restore it first.")
_NOTHING_TO_DO: Final = Text(vi="Không cần làm gì thêm.", en="There is nothing to do.")
_NEEDED: Final = Text(vi="{noun} “{key}” còn được dùng bởi: {by}.", en="The {noun} “{key}” is still needed by: {by}.")


def _not_this_way(noun: Noun) -> Conflict:
    return Conflict(
        Text(vi="{noun} không ghi được bằng cách này.", en="A {noun} is not written this way.").fill(
            noun=noun.table.NOUN
        ),
        Text(vi="Dùng trang hoặc lệnh riêng của mục này.", en="Use its own page or command."),
    )
