"""Books of an older version are brought to today's shape with all that stands in them."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlmodel import Session, SQLModel, select

import inventory.migrations
from inventory.books import Books, open_books
from inventory.db import connect, migrate, reading, writing
from inventory.history import BreachKind, ChainHead, Change, chain_of, seal_of
from inventory.network.devices import Device
from inventory.settings import Settings
from inventory.tables import TABLES
from inventory.verification import verify
from tests.support.rows import add_device, add_site

OLD: Final = "0007"
MOMENT: Final = datetime(2025, 12, 31, 17, 30, tzinfo=UTC)

Rows = dict[str, list[dict[str, Any]]]


def value_for(column: sa.Column[Any], moment: datetime) -> Any:
    """Return something that fits a column; a key of the only row there is."""
    if column.primary_key or column.foreign_keys:
        return 1
    fitting: tuple[tuple[type[Any], Any], ...] = (
        (sa.Boolean, False),
        (sa.Integer, 2024 if column.name == "year" else 7),
        (sa.Numeric, 7),
        (sa.DateTime, moment),
        (sa.Date, date(2024, 2, 29)),
        (sa.JSON, []),
    )
    words = "Tân Lập"[: getattr(column.type, "length", None) or 7]
    return next((value for kind, value in fitting if isinstance(column.type, kind)), words)


def rows_of(connection: sa.Connection, like: Rows | None = None) -> Rows:
    """Return all rows by table, or of the tables and columns of older rows alone."""
    metadata = sa.MetaData()
    metadata.reflect(connection)
    found: Rows = {}
    for table in metadata.sorted_tables:
        if table.name == "alembic_version" or (like is not None and table.name not in like):
            continue
        names = [one.name for one in table.columns] if like is None else list(like[table.name][0])
        rows = connection.execute(sa.select(*(table.c[name] for name in names))).mappings()
        found[table.name] = [dict(row) for row in rows]
    return found


def old_books(engine: sa.Engine) -> Rows:
    """Make a database of the old version with a row in every table, and return the rows."""
    config = Config()
    config.set_main_option("script_location", str(Path(inventory.migrations.__file__).parent))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, OLD)
        metadata = sa.MetaData()
        metadata.reflect(connection)
        # SQLite keeps moments without their zone.
        moment = MOMENT.replace(tzinfo=None) if engine.dialect.name == "sqlite" else MOMENT
        for table in metadata.sorted_tables:
            if table.name != "alembic_version":
                wanted = [one for one in table.columns if not one.nullable]
                connection.execute(table.insert().values({one.name: value_for(one, moment) for one in wanted}))
        return rows_of(connection)


@pytest.fixture
def upgraded(empty_settings: Callable[[], Settings]) -> tuple[Books, Rows]:
    """Books of the old version that were migrated, and the rows that stood in them before."""
    settings = empty_settings()
    engine = connect(settings.database_url)
    before = old_books(engine)
    migrate(engine)
    engine.dispose()
    return open_books(settings), before


def test_an_upgrade_loses_and_changes_nothing_that_stood_there(upgraded: tuple[Books, Rows]) -> None:
    books, before = upgraded
    assert all(before.values())
    with books.engine.connect() as connection:
        assert rows_of(connection, before) == before
    books.engine.dispose()


def test_an_upgraded_database_has_the_shape_of_a_new_one(upgraded: tuple[Books, Rows]) -> None:
    books, _ = upgraded
    with books.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []
    books.engine.dispose()


def test_old_rows_are_read_by_todays_code(upgraded: tuple[Books, Rows]) -> None:
    books, before = upgraded
    with Session(books.engine) as session:
        for table in TABLES:
            assert len(session.exec(select(table)).all()) == len(before.get(str(table.__tablename__), []))
    books.engine.dispose()


def test_a_column_that_came_later_is_no_edit_unless_somebody_filled_it(books: Books) -> None:
    """The history keeps what was written before the column came as it was written then."""
    add_site(books, "a")
    add_device(books, "core", "a")
    with writing(books.engine) as session:
        change = session.exec(select(Change).order_by(sa.desc("id")).limit(1)).one()
        change.after = {name: value for name, value in (change.after or {}).items() if name != "ssh_host_key"}
        change.chain = chain_of(books.keys, change)
        head = session.get_one(ChainHead, 1)
        head.chain = change.chain
        head.seal = seal_of(books.keys, head)
    with reading(books.engine) as session:
        assert verify(session, books.keys) == []
    with writing(books.engine) as session:
        session.connection().execute(sa.update(Device).values(ssh_host_key="SHA256:x"))
    with reading(books.engine) as session:
        breaches = verify(session, books.keys)
    assert [(one.kind, one.key, one.fields) for one in breaches] == [(BreachKind.ROW, "core", ("ssh_host_key",))]
