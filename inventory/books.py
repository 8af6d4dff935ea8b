"""The books, opened: a database and the keys that go with it."""

import time
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from inventory import db
from inventory.columns import now
from inventory.history import ChainHead, seal_of
from inventory.keys import BadKey, Keys
from inventory.occupation import Occupied, alone, file_of
from inventory.settings import Settings
from inventory.text import Text

PATIENCE_S: Final = 10.0
"""Seconds that a program which needs another shape waits for those who work with the books."""

_AGAIN_S: Final = 0.1


@dataclass(frozen=True)
class Books:
    """What every act on the books needs.

    Attributes:
        engine: The database.
        keys: The keys outside the database.
        zone: Where a day begins.
    """

    engine: Engine
    keys: Keys
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Ho_Chi_Minh"))

    def today(self) -> date:
        """Return the day that it is now at the office."""
        return now().astimezone(self.zone).date()


def open_books(settings: Settings) -> Books:
    """Return the books without asking the database anything yet, so that a program can start while it is down.

    Raises:
        inventory.keys.BadKey: The key file cannot be used.
    """
    return Books(engine=db.connect(settings.database_url), keys=Keys.from_file(settings.key_file), zone=settings.zone)


def prepare(books: Books) -> None:
    """Bring the database to this version's shape, and make sure that the key is the one it was made with.

    Two that start at once wait for each other. Books that others work with stay in the shape that those know.

    Raises:
        inventory.errors.Unavailable: The database does not answer.
        inventory.occupation.Occupied: Others work with SQLite books of another shape.
        inventory.keys.BadKey: Another key sealed this database.
    """
    until = time.monotonic() + PATIENCE_S
    while not _is_current(books.engine):
        try:
            with alone(books.engine.url):
                db.migrate(books.engine)
                break
        except Occupied:
            # Whoever has them may be the one that brings them to this shape.
            if time.monotonic() >= until:
                raise
            time.sleep(_AGAIN_S)
    check_key(books)


def _is_current(engine: Engine) -> bool:
    file = file_of(engine.url)
    # Asking a SQLite database that is not there would make one.
    return (file is None or file.exists()) and db.is_current(engine)


def check_key(books: Books) -> None:
    """Make sure that the key is the one that the database was made with.

    Raises:
        inventory.errors.Unavailable: The database does not answer.
        inventory.keys.BadKey: Another key sealed this database.
    """
    with db.reading(books.engine) as session:
        head = session.get(ChainHead, 1)
        if head is not None and head.seal != seal_of(books.keys, head):
            raise BadKey(
                Text(
                    vi="Tệp khóa không phải là khóa của cơ sở dữ liệu này, hoặc lịch sử đã bị sửa.",
                    en="The key file is not the key of this database, or its history was changed.",
                ),
                Text(
                    vi="Đặt lại đúng tệp khóa từ bản sao lưu. Đừng tạo khóa mới: mật khẩu đã niêm phong sẽ mất.",
                    en="Put the right key file back from a backup. Do not make a new one: secrets would be lost.",
                ),
            )
