"""Which findings are known to the books, which moved, and what people decide about them."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy import TextClause, and_, exists, func, select, text
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Session

from inventory.access.rights import Act, Actor, check, visible
from inventory.assets.assets import Asset
from inventory.books import Books
from inventory.columns import column, now
from inventory.db import at_once, writing
from inventory.errors import Conflict, FieldProblem, Invalid, NotFound, Stale
from inventory.history import alone, masked, record
from inventory.network.doubts import explanations
from inventory.network.findings import DECIDED, DOUBTFUL, Finding, FindingState, is_made_up, parties
from inventory.places.sites import Site
from inventory.text import Text

MOVED_WITHIN: Final = timedelta(days=30)
"""A move is shown for so long."""

MOST: Final = 500
"""Rows of one list."""

LONGEST_REASON: Final = 300


def is_unknown() -> ColumnElement[bool]:
    """Return the condition under which nobody has decided about a finding and nothing in the books explains it."""
    return and_(text(DOUBTFUL), *(~one for one in explanations()))


def unknown(session: Session, actor: Actor) -> list[Finding]:
    """Return the unknown things that the actor may know of, at most `MOST`.

    The one seen last comes first; those with a made-up MAC come behind all others, so that telephones push nothing out.
    """
    at_once(session)
    first = _strangers(session, actor, ~is_made_up(), MOST)
    return [*first, *_strangers(session, actor, is_made_up(), MOST - len(first))]


def count_unknown(session: Session, actor: Actor) -> int:
    """Return how many of the things that `unknown` gives have no made-up MAC."""
    at_once(session)
    return _count(session, actor, is_unknown() & ~is_made_up())


def _count(session: Session, actor: Actor, condition: ColumnElement[bool]) -> int:
    few = select(column(Finding, "id")).where(condition, visible(actor, Finding)).limit(MOST)
    return int(session.execute(select(func.count()).select_from(few.subquery())).scalar_one())


def _strangers(session: Session, actor: Actor, condition: ColumnElement[bool], most: int) -> Sequence[Finding]:
    if most <= 0:
        return []
    statement = select(Finding).where(is_unknown(), condition, visible(actor, Finding))
    order = (column(Finding, "last_seen").desc(), column(Finding, "id"))
    return session.scalars(statement.order_by(*order).limit(most)).all()


def moved(session: Session, actor: Actor) -> list[Finding]:
    """Return the things that lately turned up at another port or site, the latest first, at most `MOST`."""
    return _listed(session, actor, _has_moved(), "moved_at")


def count_moved(session: Session, actor: Actor) -> int:
    """Return how many things `moved` gives."""
    return _count(session, actor, _has_moved())


def _has_moved() -> ColumnElement[bool]:
    since = column(Finding, "moved_at") >= now() - MOVED_WITHIN
    return since & (column(Finding, "state") != FindingState.IGNORED.value)


def decided(session: Session, actor: Actor) -> list[Finding]:
    """Return the things about which somebody decided, the latest decision first, at most `MOST`."""
    return _listed(session, actor, text(DECIDED), "decided_at")


def _listed(session: Session, actor: Actor, condition: ColumnElement[bool] | TextClause, latest: str) -> list[Finding]:
    statement = select(Finding).where(condition, visible(actor, Finding))
    return list(session.scalars(statement.order_by(column(Finding, latest).desc(), column(Finding, "id")).limit(MOST)))


def unknown_by_site(session: Session) -> dict[str, int]:
    """Return how many unknown things there are at each site that has findings; made-up MACs do not count."""
    here = column(Finding, "site_id")
    fresh = column(Finding, "last_seen") >= now() - MOVED_WITHIN
    at_once(session)
    # Found before they are grouped: by sites all findings would be looked at.
    found = select(here).where(is_unknown(), ~is_made_up(), fresh).cte("strangers").prefix_with("MATERIALIZED")
    counts = {
        row[0]: row[1] for row in session.execute(select(found.c.site_id, func.count()).group_by(found.c.site_id))
    }
    watched = exists().where(here == column(Site, "id"))
    sites = session.execute(select(column(Site, "slug"), column(Site, "id")).where(watched))
    return {slug: counts.get(number, 0) for slug, number in sites}


def seen(session: Session, actor: Actor, number: int) -> Finding:
    """Return a finding that the actor may know of.

    Raises:
        NotFound: There is none.
    """
    statement = select(Finding).where(column(Finding, "id") == number, visible(actor, Finding))
    found = session.scalars(statement).first()
    if found is None:
        raise NotFound(Finding.NOUN, str(number))
    return found


def identify(books: Books, actor: Actor, number: int, tag: str, version: int | None = None) -> Finding:
    """Note that a finding is a booked thing; an asset without a MAC gets the one that was seen: a person says so.

    Args:
        books: The books.
        actor: Who says so.
        number: The finding.
        tag: The asset's number.
        version: The version that the reader saw; `None` if any will do.

    Raises:
        Forbidden: The actor may not write findings.
        NotFound: There is no such finding, or the actor may not know of it.
        Invalid: There is no such asset in use.
        Stale: It was decided since.
    """

    def say(session: Session, finding: Finding) -> Sequence[int]:
        statement = select(Asset).where(column(Asset, "tag") == tag.strip()[:64], visible(actor, Asset), Asset.in_use())
        asset = session.scalars(statement).first()
        if asset is None:
            raise Invalid([FieldProblem("asset", "no_such", _NO_ASSET.fill(tag=tag[:64]), tag[:64])])
        finding.state, finding.asset_id, finding.reason = FindingState.ASSET.value, asset.id, ""
        if not asset.mac and finding.mac:
            before = masked(asset)
            asset.mac, asset.version, asset.updated_at = finding.mac, asset.version + 1, now()
            record(session, books.keys, actor=actor, act="update", obj=asset, before=before, sites={asset.site_id})
        return (asset.site_id,)

    return _decide(books, actor, number, version, "identify", say)


def ignore(books: Books, actor: Actor, number: int, reason: str, version: int | None = None) -> Finding:
    """Note that a finding may be there. Raises as `identify`; `Invalid` if no reason is given."""
    words = " ".join(reason.split())
    if not words or len(words) > LONGEST_REASON or not words.isprintable():
        raise Invalid([FieldProblem("reason", "required", _REASON.fill(most=LONGEST_REASON))])

    def say(_session: Session, finding: Finding) -> Sequence[int]:
        finding.state, finding.reason, finding.asset_id = FindingState.IGNORED.value, words, None
        return ()

    return _decide(books, actor, number, version, "ignore", say)


def reopen(books: Books, actor: Actor, number: int, version: int | None = None) -> Finding:
    """Take a decision back. Raises as `identify`; `Conflict` if there is none."""

    def say(_session: Session, finding: Finding) -> Sequence[int]:
        if finding.state == FindingState.OPEN:
            raise Conflict(_UNDECIDED, _NOTHING_TO_DO)
        finding.state, finding.reason, finding.asset_id = FindingState.OPEN.value, "", None
        return ()

    return _decide(books, actor, number, version, "reopen", say)


def _decide(  # noqa: PLR0917 - who, what, which, from when, how
    books: Books,
    actor: Actor,
    number: int,
    version: int | None,
    act: str,
    say: Callable[[Session, Finding], Sequence[int]],
) -> Finding:
    check(actor, Act.WRITE, "findings")
    with writing(books.engine) as session:
        alone(session)
        finding = seen(session, actor, number)
        if version is not None and finding.version != version:
            raise Stale(finding.version)
        before = masked(finding)
        more = say(session, finding)
        finding.decided_by, finding.decided_at = actor.name, now()
        finding.version += 1
        finding.updated_at = finding.decided_at
        sites = parties(session, finding).union(more)
        record(session, books.keys, actor=actor, act=act, obj=finding, before=before, sites=sites)
    return finding


_NO_ASSET: Final = Text(
    vi="Không có tài sản đang quản lý nào mang số “{tag}”.",
    en="There is no asset in the books with the number “{tag}”.",
)
_REASON: Final = Text(
    vi="Hãy ghi lý do, nhiều nhất {most} ký tự, ví dụ: máy cá nhân của cán bộ.",
    en="Give a reason of at most {most} characters, like: an official's own laptop.",
)
_UNDECIDED: Final = Text(vi="Chưa ai quyết định về thiết bị này.", en="Nobody has decided about this device.")
_NOTHING_TO_DO: Final = Text(vi="Không cần làm gì thêm.", en="There is nothing to do.")
