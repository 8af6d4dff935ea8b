"""A home that has a little of everything, on either database, and the settings that find it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from api.configurations.archive import Archive
from api.settings import Settings, load
from inventory.books import Books, open_books
from inventory.settings import Settings as InventorySettings
from tests.support.rows import add_site

AT = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


@dataclass
class Home:
    """A home whose settings the environment names.

    Attributes:
        settings: Of the program.
        books: Opened.
        use: Makes the environment name another home and database; a key may go there first.
    """

    settings: Settings
    books: Books
    use: Callable[[Path, str], Settings]

    @property
    def folder(self) -> Path:
        return self.settings.home


@pytest.fixture
def home(new_settings: Callable[[], InventorySettings], monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    """A home with a site, a sealed configuration, settings, forms and a rulebook."""
    made = new_settings()

    def use(folder: Path, url: str) -> Settings:
        monkeypatch.setenv("QUANG_HOME", str(folder))
        monkeypatch.setenv("QUANG_DATABASE_URL", url)
        return load()

    folder = made.key_file.parent
    settings = use(folder, made.database_url)
    books = open_books(settings.inventory)
    add_site(books, "tan-lap")
    Archive(folder, books.keys).save("sw", "ios", "hostname sw\nend\n", AT)
    (folder / "quang.toml").write_text('language = "en"\n')
    (folder / "forms.yaml").write_text("# the office's own\n")
    (folder / "rulebooks").mkdir()
    (folder / "rulebooks" / "readme.txt").write_text("not a rulebook")
    yield Home(settings, books, use)
    books.engine.dispose()
