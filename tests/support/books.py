"""Books to test with: empty, on SQLite and on PostgreSQL, each test its own."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import delete, event
from sqlmodel import SQLModel

from inventory.books import Books, open_books, prepare
from inventory.settings import Settings
from tests.support.postgres import Cluster, running_cluster
from tests.support.scratch import scratch

DATABASES = ("sqlite", "postgresql")


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL cluster for the whole session."""
    with running_cluster() as started:
        yield started


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite database in the newest shape, to be copied."""
    folder = tmp_path_factory.mktemp("template")
    file = folder / "quang.db"
    books = open_books(Settings(database_url=f"sqlite:///{file}", key_file=folder / "key"))
    prepare(books)
    # The last connection to close folds the write-ahead log into the file.
    books.engine.dispose()
    return file


@pytest.fixture(scope="session")
def postgres_template(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Name of an empty PostgreSQL database in the newest shape, to be copied."""
    name = cluster.create()
    books = open_books(Settings(database_url=cluster.url(name), key_file=tmp_path_factory.mktemp("key") / "key"))
    prepare(books)
    books.engine.dispose()
    return name


@pytest.fixture(params=DATABASES)
def database(request: pytest.FixtureRequest) -> str:
    """Which of the two databases the test runs on; both, unless the test says otherwise."""
    return str(request.param)


@pytest.fixture
def new_database(database: str, request: pytest.FixtureRequest) -> Iterator[Callable[[bool], Settings]]:
    """Give a function that makes one more database, with the tables or with nothing at all; all gone afterwards."""
    folders: list[Path] = []
    made: list[str] = []

    def make(tables: bool) -> Settings:
        folder = scratch("quang-books-")
        folders.append(folder)
        if database == "sqlite":
            if tables:
                shutil.copy(request.getfixturevalue("sqlite_template"), folder / "quang.db")
            return Settings(database_url=f"sqlite:///{folder}/quang.db", key_file=folder / "key")
        cluster: Cluster = request.getfixturevalue("cluster")
        template = request.getfixturevalue("postgres_template") if tables else "template0"
        made.append(cluster.create(template=template))
        return Settings(database_url=cluster.url(made[-1]), key_file=folder / "key")

    yield make
    for name in made:
        request.getfixturevalue("cluster").drop(name)
    for folder in folders:
        shutil.rmtree(folder)


@pytest.fixture
def new_settings(new_database: Callable[[bool], Settings]) -> Callable[[], Settings]:
    """Give a function that makes settings for one more set of empty books, in the newest shape."""
    return lambda: new_database(True)


@pytest.fixture
def empty_settings(new_database: Callable[[bool], Settings]) -> Callable[[], Settings]:
    """Give a function that makes settings for a database that holds nothing at all."""
    return lambda: new_database(False)


@pytest.fixture
def new_books(new_settings: Callable[[], Settings]) -> Iterator[Callable[[], Books]]:
    """Give a function that opens one more set of empty books; for property tests, one for each example."""
    opened: list[Books] = []

    def make() -> Books:
        opened.append(open_books(new_settings()))
        return opened[-1]

    yield make
    for books in opened:
        books.engine.dispose()


@pytest.fixture
def books(new_books: Callable[[], Books]) -> Books:
    """Empty books in the newest shape."""
    return new_books()


@contextmanager
def statements(books: Books) -> Iterator[list[str]]:
    """Collect the SQL statements that run inside, transactions' own left out."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            seen.append(statement)

    event.listen(books.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(books.engine, "before_cursor_execute", note)


def fewest(books: Books, act: Callable[[], object]) -> list[str]:
    """Return the statements of an act that changes nothing: of several times, those of the one with the fewest.

    A program that serves the books has duties, which ask at times of their own.
    """
    times = []
    for _ in range(5):
        with statements(books) as seen:
            act()
        times.append(seen)
    return min(times, key=len)


def empty(books: Books) -> None:
    """Take everything out of the books, as between two examples of a property test."""
    with books.engine.begin() as connection:
        for table in reversed(SQLModel.metadata.sorted_tables):
            connection.execute(delete(table))
