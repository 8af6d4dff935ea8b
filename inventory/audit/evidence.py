"""Network evidence: what the network saw of the things on the list. It vouches only after a person has confirmed it.

Evidence is a serial number or a MAC that something read and that equals the asset's own, at the asset's site, within
the last days. That a name or an address answers is none: anything may stand behind it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

from sqlalchemy import select
from sqlmodel import Session

from inventory import history
from inventory.access.rights import Act, Actor, check, visible
from inventory.assets.placeholders import is_placeholder
from inventory.audit.campaigns import require_open, seen
from inventory.audit.differences import live
from inventory.audit.stocktake import CountEntry, ExpectedLine, Method, Stocktake
from inventory.books import Books
from inventory.columns import column, now
from inventory.db import writing
from inventory.errors import FieldProblem, Invalid
from inventory.network.findings import Finding
from inventory.network.observations import Observation
from inventory.places.sites import Site
from inventory.text import Text

MOST_CONFIRMED: Final = 5_000
"""Lines that are confirmed at a time."""

_FACTS: Final = ("serial", "mac")
_NO_HEX: Final = re.compile(r"[^0-9a-f]")


@dataclass(frozen=True, slots=True)
class _Seen:
    source: str
    instance: str
    last_seen: datetime


@dataclass(frozen=True, slots=True)
class Evidence:
    """What vouches for one line.

    Attributes:
        line: The expected line.
        fact: `serial` or `mac`.
        value: As the books have it.
        source: Who saw it (`snmp_system`, `arp`).
        instance: On which device, at which of its ports, or at which address.
        last_seen: When last.
    """

    line: ExpectedLine
    fact: str
    value: str
    source: str
    instance: str
    last_seen: datetime


def evidence_for(session: Session, row: Stocktake, lines: Sequence[ExpectedLine]) -> list[Evidence]:
    """Return the evidence for these lines, in their order; the freshest where there are several."""
    since = now() - timedelta(days=row.evidence_days)
    statement = select(Observation).where(
        column(Observation, "fact").in_(_FACTS),
        column(Observation, "last_seen") >= since,
        column(Observation, "site").in_({line.site for line in lines}),
    )
    freshest: dict[tuple[str, str, str], _Seen] = {}
    for one in session.execute(statement.order_by(column(Observation, "last_seen"))).scalars():
        seen_then = _Seen(one.source, one.instance, one.last_seen)
        freshest[one.site, one.fact, _plain(one.fact, one.value)] = seen_then
    _add_findings(session, freshest, since)
    once = _unique(lines)
    found = []
    for line in lines:
        for fact, value in (("serial", line.serial), ("mac", line.mac)):
            plain = _plain(fact, value)
            seen_there = freshest.get((line.site, fact, plain)) if plain and (fact, plain) in once else None
            if seen_there is not None:
                found.append(Evidence(line, fact, value, seen_there.source, seen_there.instance, seen_there.last_seen))
                break
    return found


def _add_findings(session: Session, freshest: dict[tuple[str, str, str], _Seen], since: datetime) -> None:
    """Add the machines that were met on the network, each where it stands: not at every port that leads towards it."""
    met = (
        select(Finding, column(Site, "slug"))
        .join_from(Finding, Site, column(Site, "id") == column(Finding, "site_id"))
        .where(column(Finding, "mac") != "", column(Finding, "last_seen") >= since)
    )
    for finding, site in session.execute(met):
        place = (site, "mac", _plain("mac", finding.mac))
        if place not in freshest or freshest[place].last_seen < finding.last_seen:
            where = f"{finding.switch} {finding.port}".strip() or finding.address
            freshest[place] = _Seen(finding.source, where, finding.last_seen)


def confirm(books: Books, actor: Actor, number: int, lines: Iterable[int]) -> int:
    """Confirm that what the network vouches for is there; lines that are counted already are left alone.

    Args:
        books: The books.
        actor: Who answers for it.
        number: The campaign.
        lines: Numbers of lines, each with evidence.

    Returns:
        How many lines are counted by this.

    Raises:
        Forbidden: The actor may not count.
        NotFound: There is no such campaign, or the actor may not know of it.
        Conflict: It has not begun, or is signed.
        Invalid: A line is not on the list, or nothing vouches for it; nothing was written.
    """
    check(actor, Act.COUNT, "stocktakes")
    wanted = sorted(set(lines))
    if len(wanted) > MOST_CONFIRMED:
        raise Invalid([FieldProblem("lines", "too_long", _TOO_MANY.fill(most=MOST_CONFIRMED))])
    with writing(books.engine) as session:
        history.alone(session)
        row = seen(session, actor, number)
        require_open(row)
        found = lines_of(session, actor, row)
        by_line = {one.line.number: one for one in evidence_for(session, row, found)}
        problems = [
            FieldProblem("lines", "no_evidence", _NONE.fill(number=line)) for line in wanted if line not in by_line
        ]
        if problems:
            raise Invalid(problems[:100])
        counted = {entry.line_id for entry in live(entries_of(session, row))}
        fresh = [by_line[line] for line in wanted if by_line[line].line.id not in counted]
        session.add_all(_entry(row, one, actor.name) for one in fresh)
        return len(fresh)


def lines_of(session: Session, actor: Actor, row: Stocktake) -> list[ExpectedLine]:
    """Return the lines of a campaign that the actor may see, in their order."""
    mine = column(ExpectedLine, "stocktake_id") == row.id
    statement = select(ExpectedLine).where(mine, visible(actor, ExpectedLine))
    return list(session.execute(statement.order_by(column(ExpectedLine, "number"))).scalars())


def entries_of(session: Session, row: Stocktake) -> list[CountEntry]:
    """Return every entry of a campaign, in the order of their arrival."""
    statement = select(CountEntry).where(column(CountEntry, "stocktake_id") == row.id)
    return list(session.execute(statement.order_by(column(CountEntry, "id"))).scalars())


def _entry(row: Stocktake, one: Evidence, who: str) -> CountEntry:
    moment = now()
    line = one.line
    return CountEntry(
        uid=uuid4().hex,
        stocktake_id=row.id or 0,
        line_id=line.id,
        tag=line.tag,
        method=Method.NETWORK.value,
        site_id=line.site_id,
        site_name=line.site_name,
        room=line.room,
        note=f"{one.fact} {one.value} · {one.source} · {one.instance} · {one.last_seen.isoformat(timespec='minutes')}",
        counted_by=who,
        counted_at=moment,
        received_at=moment,
    )


def _unique(lines: Iterable[ExpectedLine]) -> set[tuple[str, str]]:
    """Return the serial numbers and MACs that one line only has: what two have tells neither."""
    count: dict[tuple[str, str], int] = {}
    for line in lines:
        for fact, value in (("serial", line.serial), ("mac", line.mac)):
            mark = (fact, _plain(fact, value))
            count[mark] = count.get(mark, 0) + 1
    return {mark for mark, times in count.items() if times == 1 and mark[1]}


def _plain(fact: str, value: str) -> str:
    """Return a serial number or a MAC as it is compared; empty for a placeholder."""
    if fact == "mac":
        digits = _NO_HEX.sub("", value.lower())
        return digits if len(digits) == 12 and digits.strip("0") and digits.strip("f") else ""
    bare = value.strip().lower()
    return "" if not bare or is_placeholder(bare) else bare


_NONE: Final = Text(
    vi="Dòng {number} không có bằng chứng qua mạng còn hạn.", en="Nothing fresh vouches for line {number}."
)
_TOO_MANY: Final = Text(vi="Mỗi lần nhiều nhất {most} dòng.", en="At most {most} lines at a time.")
