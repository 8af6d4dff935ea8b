"""Where the counts stand, by campaign and site."""

from sqlalchemy import update

from inventory.access.rights import SYSTEM
from inventory.audit.campaigns import review
from inventory.audit.differences import DifferenceKind
from inventory.audit.signing import sign
from inventory.audit.standing import standings
from inventory.audit.stocktake import CountEntry, Method
from inventory.books import Books
from inventory.columns import column
from inventory.db import reading, writing
from tests.support.counting import begun, book_assets, book_sites, count, current, decide_all, sent, tag_of
from tests.support.people import commune_staff


def test_each_site_tells_what_is_counted_confirmed_different_and_undecided(books: Books) -> None:
    book_sites(books)
    book_assets(books, range(1, 6))
    book_assets(books, [6], site="hung-an")
    campaign = begun(books, sites=("tan-lap", "hung-an"))
    count(
        books, campaign, sent(tag_of(1)), sent(tag_of(2), condition="damaged"), sent(tag_of(3)), sent(tag_of(4)),
        sent("LA-1", name="Máy lạ"),
    )  # fmt: skip
    with writing(books.engine) as session:
        # As if somebody had confirmed what the network saw.
        mine = column(CountEntry, "tag") == tag_of(3)
        session.execute(update(CountEntry).where(mine).values(method=Method.NETWORK.value))
    with reading(books.engine) as session:
        (one,) = standings(session, SYSTEM)
        assert [(site.site, site.lines, site.counted, site.share, site.by_network) for site in one.sites] == [
            ("hung-an", 1, 0, 0, 0), ("tan-lap", 5, 4, 80, 1)
        ]  # fmt: skip
        there = one.sites[1]
        assert {kind: n for kind, n in there.differences.items() if n} == {
            DifferenceKind.MISSING: 1, DifferenceKind.DAMAGED: 1, DifferenceKind.SURPLUS: 1
        }  # fmt: skip
        assert (there.different, there.undecided) == (3, 3)
        (mine,) = standings(session, commune_staff(books, "tan-lap"))
        assert [site.site for site in mine.sites] == ["tan-lap"]


def test_what_goes_on_stands_before_what_is_signed_and_drafts_are_not_shown(books: Books) -> None:
    book_sites(books)
    book_assets(books, range(1, 3))
    book_assets(books, [6], site="hung-an")
    later = begun(books, sites=("hung-an",))
    done = begun(books)
    review(books, SYSTEM, done.id or 0, done.version)
    decide_all(books, done)
    sign(books, SYSTEM, done.id or 0, current(books, done).version)
    with reading(books.engine) as session:
        assert [one.row.id for one in standings(session, SYSTEM)] == [later.id, done.id]
        assert standings(session, SYSTEM)[1].sites[0].undecided == 0
