"""The database: SQLite on one machine, PostgreSQL past one, behind the same two doors `reading` and `writing`."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DataError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlmodel import Session

from inventory.errors import FieldProblem, Invalid, Unavailable
from inventory.text import Text

_LOG: Final = logging.getLogger(__name__)

BUSY_TIMEOUT_MS: Final = 10_000
"""How long an SQLite writer waits for the one before it."""

_MIGRATION_LOCK: Final = 0x7175616E67_01
_WRITING: Final = "quang_writing"
_PATIENCE: Final = "quang_patience"
_NOTE_WAIT_MS: Final = 100

_NO_VALUE: Final = frozenset({None, "22003", "22021"})
"""How PostgreSQL refuses what no column can hold: the driver itself (NUL), a number out of range, no UTF-8."""

_NOT_STORABLE: Final = Text(
    vi="Có số quá lớn hoặc ký tự mà cơ sở dữ liệu không lưu được.",
    en="A number is too large, or a character cannot be stored.",
)


def connect(url: str) -> Engine:
    """Return an engine for `sqlite:///PATH` or `postgresql://...`; nothing is opened yet.

    SQLite keeps a write-ahead log, is durable at each commit, checks foreign keys, waits ten seconds for another
    writer, and begins every writing transaction as one: a transaction that begins by reading and writes later fails
    at once with "database is locked" when another has written in between.
    """
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        engine = create_engine(address, pool_size=10, max_overflow=20, pool_timeout=10)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    return create_engine(
        address.set(drivername="postgresql+psycopg"),
        pool_size=10,
        max_overflow=20,
        pool_timeout=10,
        pool_pre_ping=True,
        connect_args={"connect_timeout": 5, "application_name": "quang"},
    )


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """Give a session to read with, which sees one moment of the database; what it would write is rolled back.

    Raises:
        Unavailable: The database does not answer.
        Invalid: A number or a text that was asked for is such as no column can hold.
    """
    seen = engine if engine.dialect.name == "sqlite" else engine.execution_options(isolation_level="REPEATABLE READ")
    with _answering(), Session(seen, autoflush=False) as session:
        yield session


def at_once(session: Session) -> None:
    """Have PostgreSQL neither compile nor share out what is asked in this transaction: both outlast a short answer."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(
            text("SELECT set_config('jit', 'off', true), set_config('max_parallel_workers_per_gather', '0', true)")
        )


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """Give a session whose one transaction commits at the end, or leaves nothing behind.

    Raises:
        Unavailable: The database does not answer; nothing was written.
        Invalid: A number or a text is such as no column can hold; nothing was written.
    """
    with (
        _answering(),
        Session(engine.execution_options(**{_WRITING: True}), expire_on_commit=False) as session,
        session.begin(),
    ):
        yield session


@contextmanager
def noting(engine: Engine) -> Iterator[Session]:
    """Give a session as `writing` does, for what may as well be noted next time: it waits for hardly anybody.

    SQLite has one writer at a time, and an import of many rows is one for seconds; nobody's page should wait for it
    only because the page also notes that somebody was there.

    Raises:
        Unavailable: Another is writing, or the database does not answer; nothing was written.
    """
    hasty = engine.execution_options(**{_WRITING: True, _PATIENCE: _NOTE_WAIT_MS})
    with _answering(logging.DEBUG), Session(hasty, expire_on_commit=False) as session, session.begin():
        if engine.dialect.name == "postgresql":
            session.execute(text(f"SET LOCAL lock_timeout = {_NOTE_WAIT_MS}"))
        yield session


def migrate(engine: Engine) -> None:
    """Bring the database to the shape that this version needs; two at once wait for each other.

    Raises:
        Unavailable: The database does not answer.
    """
    config = _config()
    with _answering(), engine.execution_options(**{_WRITING: True}).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def is_current(engine: Engine) -> bool:
    """Return whether the database has the shape that this version needs.

    Raises:
        Unavailable: The database does not answer.
    """
    with reading(engine) as session:
        return revision(session) == ScriptDirectory.from_config(_config()).get_current_head()


def revision(session: Session) -> str | None:
    """Return the step of the migrations at which the database stands, or `None` if it holds no books."""
    return MigrationContext.configure(session.connection()).get_current_revision()


def knows(step: str) -> bool:
    """Return whether this version knows a step of the migrations; what it does not know is newer."""
    return any(one.revision == step for one in ScriptDirectory.from_config(_config()).walk_revisions())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    return config


def _prepare_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own connection
    # Without this the driver begins transactions itself, and always deferred ones.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "cache_size=-32768",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    patience = options.get(_PATIENCE)
    if patience is None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get(_WRITING, False) else "BEGIN")
        return
    connection.exec_driver_sql(f"PRAGMA busy_timeout={patience}")
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        # The connection goes back to the pool, for writers who do wait.
        connection.exec_driver_sql(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")


@contextmanager
def _answering(level: int = logging.WARNING) -> Iterator[None]:
    try:
        yield
    except (OperationalError, InterfaceError, PoolTimeout) as error:
        # The driver's own words: SQLAlchemy's would repeat the values of the statement.
        _LOG.log(level, "the database does not answer: %s", getattr(error, "orig", None) or type(error).__name__)
        raise _unavailable() from error
    except DataError as error:
        if getattr(error.orig, "sqlstate", None) in _NO_VALUE:
            raise Invalid([FieldProblem("", "not_storable", _NOT_STORABLE)]) from error
        raise
    except OverflowError as error:
        if "SQLite" in str(error):
            raise Invalid([FieldProblem("", "not_storable", _NOT_STORABLE)]) from error
        raise
    except DBAPIError as error:
        if error.connection_invalidated:
            raise _unavailable() from error
        raise


def _unavailable() -> Unavailable:
    return Unavailable(
        Text(vi="Cơ sở dữ liệu không trả lời.", en="The database does not answer."),
        Text(
            vi="Kiểm tra máy chủ cơ sở dữ liệu có đang chạy và ổ đĩa còn chỗ trống không.",
            en="Check that the database server runs and that the disk has room.",
        ),
    )
