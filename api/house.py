"""The house: what the routes, the pages and the duties share while the program runs."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Final

from anyio import CapacityLimiter
from starlette.requests import HTTPConnection

from api.configurations.archive import Archive
from api.http.counts import Counts
from api.polling.errands import Errands
from api.polling.roster import Rosters
from api.settings import Settings
from api.spreadsheets.kept import Shelf
from api.views.makers import Makers
from api.watch.bell import Bell
from api.watch.prometheus import Prometheus
from api.watch.remembered import Remembered
from inventory.assets.rulebook import Rulebooks
from inventory.assets.rulebook_files import read_rulebooks
from inventory.books import Books, prepare
from inventory.errors import Unavailable
from inventory.network.recognition import unknown_by_site
from inventory.network.silence import Silence, count_silent
from inventory.occupation import Occupation, occupy
from inventory.text import Text

STRANGERS_EVERY_S: Final = 60.0
"""Seconds between two counts of what nothing in the books explains; Prometheus asks every few."""

SILENCES_EVERY_S: Final = 600.0
"""Seconds between two counts of whom the network misses: silence is a matter of weeks, and in a large book it takes
long."""


@dataclass
class House:
    """Everything that lives as long as the application.

    Attributes:
        settings: The settings.
        books: The inventory.
        counts: Requests answered.
        bell: Rung when there is a message to deliver.
        compared_at: When incidents were last compared with Prometheus.
        sign_ins: How many sign-ins are worked at together: their slow hashes must not take everybody's threads.
        imports: How many files of rows are worked at together: each takes much memory.
        shelf: Files that people brought by the pages.
        errands: What collectors are asked to find out now.
        occupation: What keeps others from putting other books in the place of these.
        ready: Whether the database has the shape that this version needs.
    """

    settings: Settings
    books: Books
    counts: Counts = field(default_factory=Counts)
    bell: Bell = field(default_factory=Bell)
    compared_at: datetime | None = None
    sign_ins: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(4))
    imports: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(1))
    shelf: Shelf = field(default_factory=Shelf)
    errands: Errands = field(default_factory=Errands)
    occupation: Occupation | None = None
    ready: bool = False

    @cached_property
    def rosters(self) -> Rosters:
        """The rosters of all collectors."""
        return Rosters(self.books)

    @cached_property
    def makers(self) -> Makers:
        """Who made a network card."""
        return Makers(Path(self.settings.discovery.maker_folder))

    @cached_property
    def silences(self) -> Remembered[Silence]:
        """Which booked things the network misses; silence is a matter of weeks."""
        return Remembered(self.books, count_silent, 2 * SILENCES_EVERY_S)

    @cached_property
    def strangers(self) -> Remembered[dict[str, int]]:
        """How many unknown things there are, by slug of each site that has findings."""
        return Remembered(self.books, unknown_by_site, 2 * STRANGERS_EVERY_S)

    @cached_property
    def archive(self) -> Archive:
        """The copies of devices' configurations."""
        return Archive(self.settings.home, self.books.keys)

    @cached_property
    def prometheus(self) -> Prometheus:
        """The Prometheus that is asked for charts and alerts."""
        return Prometheus(self.settings.prometheus.url, self.settings.prometheus.timeout_s)

    @cached_property
    def rulebooks(self) -> Rulebooks:
        """The rulebooks: those that ship, each replaced by the office's own beside its settings."""
        return read_rulebooks(self.settings.rulebook_folder)

    def close(self) -> None:
        """Let every connection go."""
        if "prometheus" in self.__dict__:
            self.prometheus.close()
        self.books.engine.dispose()
        if self.occupation is not None:
            self.occupation.end()

    def open(self) -> None:
        """Bring the books to this version's shape, and hold them while the program runs.

        Raises:
            Unavailable: The database does not answer, or others change its books now.
            inventory.keys.BadKey: Another key sealed this database.
        """
        prepare(self.books)
        self.occupation = occupy(self.books.engine.url)

    def require_ready(self) -> None:
        """Return if the database can be used.

        Raises:
            Unavailable: It has not answered since the start.
        """
        if not self.ready:
            raise Unavailable(
                Text(
                    vi="Cơ sở dữ liệu chưa trả lời từ khi khởi động.",
                    en="The database has not answered since the start.",
                ),
                Text(
                    vi="Kiểm tra máy chủ cơ sở dữ liệu; hệ thống tự thử lại.",
                    en="Check the database server; the system tries again by itself.",
                ),
            )


def house_of(connection: HTTPConnection) -> House:
    """Return the house of the application that answers a request."""
    house: House = connection.app.state.house
    return house
