"""Forgetting what was seen long ago, so that telephones that come and go fill neither the disk nor the lists."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.sql.elements import ColumnElement

from inventory.books import Books
from inventory.columns import column, now
from inventory.db import writing
from inventory.network.doubts import doubt
from inventory.network.findings import Finding, FindingState, is_made_up
from inventory.network.observations import Observation

SIGHTINGS: Final = timedelta(days=90)
"""What a device told of others: addresses, ports, neighbours. Where a thing is now stands in the findings, and what a
device says of itself (its serial number) is kept."""

MADE_UP: Final = timedelta(days=30)
"""Things with a MAC that a telephone made up, about which nobody has decided."""

BARE: Final = timedelta(days=90)
"""Things of which only an address is known: it may be another machine's by now."""

UNDECIDED: Final = timedelta(days=400)
"""Any other thing about which nobody has decided: the yearly look for unknown devices still finds it."""

SOURCES: Final = ("sweep", "snmp_arp", "snmp_fdb", "snmp_neighbours")

BATCH: Final = 1_000
"""Rows of one transaction: SQLite has one writer at a time, and collectors wait for their turn."""

MOST_BATCHES: Final = 100
"""Transactions of one call; what is left waits for the next one."""


def forget(books: Books) -> int:
    """Delete old sightings and the findings that nobody decided about; decisions and their findings are kept.

    Returns:
        How many rows were deleted.
    """
    moment = now()
    old = column(Observation, "source").in_(SOURCES) & (column(Observation, "last_seen") < moment - SIGHTINGS)
    return _delete(books, Observation, old) + _delete(books, Finding, _forgettable(moment))


def _forgettable(moment: datetime) -> ColumnElement[bool]:
    last = column(Finding, "last_seen")
    undecided = (column(Finding, "state") == FindingState.OPEN.value) & (column(Finding, "decided_by") == "")
    bare = column(Finding, "mac") == ""
    return undecided & (
        (last < moment - UNDECIDED) | (bare & (last < moment - BARE)) | (is_made_up() & (last < moment - MADE_UP))
    )


def _delete(books: Books, of: type[Finding | Observation], condition: ColumnElement[bool]) -> int:
    gone = 0
    for _ in range(MOST_BATCHES):
        with writing(books.engine) as session:
            numbers = list(session.scalars(select(column(of, "id")).where(condition).limit(BATCH)))
            these = column(of, "id").in_(numbers)
            own = select(column(Observation, "value")).where(these, column(Observation, "fact") == "mac")
            macs = list(session.scalars(own)) if of is Observation else []
            if numbers:
                session.execute(delete(of).where(these))
            # Deleted first: a report that tells of the same facts holds them before it looks at findings.
            doubt(session.connection(), macs=macs)
        gone += len(numbers)
        if len(numbers) < BATCH:
            break
    return gone
