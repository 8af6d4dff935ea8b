"""Acts of custody in few words, and what has to be true of all assets after any of them."""

from collections import Counter
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from inventory import verification
from inventory.access.rights import SYSTEM, Actor
from inventory.assets.assets import Asset
from inventory.assets.custody import carry_out
from inventory.assets.documents import Document, DocumentItem, changed_documents
from inventory.assets.lifecycle import HELD, MOVES, ActKind
from inventory.assets.reversal import reverse
from inventory.assets.rulebook_files import read_rulebooks
from inventory.books import Books
from inventory.columns import column
from inventory.db import reading
from inventory.network.standing import follow

RULEBOOKS = read_rulebooks()


def act(books: Books, kind: str, *tags: str, actor: Actor = SYSTEM, day: date | None = None, **values: Any) -> str:
    """Carry out an act and return the number of its document; what has to be said is said."""
    words = {"reason": "Theo kế hoạch"} if MOVES[ActKind(kind)].reason else {}
    values = {"kind": kind, "day": day or books.today(), "items": [{"asset": tag} for tag in tags]} | words | values
    return carry_out(books, actor, values, RULEBOOKS, follow)


def undo(books: Books, number: str, actor: Actor = SYSTEM, day: date | None = None, version: int | None = None) -> str:
    """Reverse a document as it stands."""
    values = {"day": day or books.today(), "reason": "Ghi nhầm"}
    at = document(books, number).version if version is None else version
    return reverse(books, actor, number, at, values, RULEBOOKS, follow)


def asset(books: Books, tag: str) -> Asset:
    """Return an asset."""
    with reading(books.engine) as session:
        return session.execute(select(Asset).where(column(Asset, "tag") == tag)).scalar_one()


def document(books: Books, number: str) -> Document:
    """Return a document."""
    with reading(books.engine) as session:
        return session.execute(select(Document).where(column(Document, "number") == number)).scalar_one()


def items(books: Books, number: str) -> list[DocumentItem]:
    """Return its items."""
    with reading(books.engine) as session:
        mine = column(DocumentItem, "document_id") == document(books, number).id
        rows = select(DocumentItem).where(mine).order_by(column(DocumentItem, "line"))
        return list(session.execute(rows).scalars())


def state(books: Books, tag: str) -> tuple[str, str, int | None]:
    """Return state, holder and governing document of an asset."""
    found = asset(books, tag)
    return found.status, found.custodian, found.document_id


def require_order(books: Books) -> None:
    """Hold what is always true: numbers without gap, one holder, papers and history as they were written."""
    with reading(books.engine) as session:
        documents = {one.id: one for one in session.execute(select(Document)).scalars()}
        for (kind, year), count in Counter((one.kind, one.year) for one in documents.values()).items():
            numbers = sorted(one.sequence for one in documents.values() if (one.kind, one.year) == (kind, year))
            assert numbers == list(range(1, count + 1)), (kind, year)
        for one in session.execute(select(Asset)).scalars():
            _require_governed(session, one)
        assert changed_documents(session) == []
        assert verification.verify(session, books.keys) == []


def _require_governed(session: Session, one: Asset) -> None:
    """An asset is as the document that governs it left it; without a document nothing is said."""
    if one.document_id is None:
        return
    mine = (column(DocumentItem, "document_id") == one.document_id) & (column(DocumentItem, "asset_id") == one.id)
    after = session.execute(select(column(DocumentItem, "after")).where(mine)).scalar_one()
    assert (one.status, one.custodian) == (after["status"], after["custodian"])
    if one.status not in {held.value for held in HELD}:
        assert one.custodian == ""
