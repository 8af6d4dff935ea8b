"""How old the copies are: of every device that should have one."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session

from api.configurations.taking import CONFIGURATION, SOURCE
from collector.platforms import PLATFORMS
from inventory.books import Books
from inventory.columns import column
from inventory.db import reading
from inventory.network.devices import Device
from inventory.network.observations import Observation
from inventory.places.sites import Site


@dataclass(frozen=True, slots=True)
class Age:
    """One device.

    Attributes:
        device: Its stable name.
        site: Slug of its site.
        saved_at: When its configuration was last read; while it never was, when the device was last changed in the
            books.
        changed_at: When a copy last differed from the one before; `None` while there is one copy at most.
    """

    device: str
    site: str
    saved_at: datetime
    changed_at: datetime | None


def ages(books: Books) -> list[Age]:
    """Return the age of every copy that should be there, by two statements.

    Raises:
        Unavailable: The database does not answer.
    """
    with reading(books.engine) as session:
        return list(_ages(session))


def _ages(session: Session) -> Iterator[Age]:
    instance, first, last = (column(Observation, name) for name in ("instance", "first_seen", "last_seen"))
    seen = {
        row[0]: row
        for row in session.execute(
            select(instance, func.max(last), func.max(first), func.count())
            .where(column(Observation, "source") == SOURCE, column(Observation, "fact") == CONFIGURATION)
            .group_by(instance)
        )
    }
    wanted = session.execute(
        select(Device, column(Site, "slug"))
        .join(Site, column(Site, "id") == column(Device, "site_id"))
        .where(
            column(Device, "retired_at").is_(None),
            column(Device, "address").is_not(None),
            column(Device, "ssh_credential_id").is_not(None),
            column(Device, "platform").in_(PLATFORMS),
        )
    )
    for device, site in wanted:
        if device.probes.get(SOURCE, {}).get("enabled", True):
            row = seen.get(device.name)
            changed = row[2] if row is not None and row[3] > 1 else None
            yield Age(device.name, site, row[1] if row is not None else device.updated_at, changed)
