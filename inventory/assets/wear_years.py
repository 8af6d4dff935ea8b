"""Closed years: the wear of every asset as it was booked in a December; never changed afterwards."""

from collections.abc import Iterable
from datetime import date, datetime
from hashlib import sha256
from itertools import islice
from typing import ClassVar, Final, NamedTuple

from sqlalchemy import BigInteger, func, select, true
from sqlmodel import Field, Index, Session, SQLModel, UniqueConstraint

from inventory.assets.depreciation import WearOfYear
from inventory.columns import Booked, column, moment_field
from inventory.errors import Conflict
from inventory.text import Text


class WearClosing(Booked, table=True):
    """One year, closed.

    Attributes:
        year: The year.
        rulebook: Version of the rulebook that governed it: key and digest.
        closed_at: When the December run was made.
        closed_by: By whom.
        assets: Fixed assets in it.
        tools: Things below the threshold in it.
        cost_vnd: Cost of the fixed assets.
        annual_vnd: Wear of the year.
        accumulated_vnd: Accumulated wear.
        digest: SHA-256 over all its rows, so that a later edit of one is seen.
        rules: Digest of all rules through the year, so that it is known whether they still give these rows.
    """

    __tablename__ = "wear_closing"
    KEY: ClassVar[str] = "year"
    NOUN: ClassVar[Text] = Text(vi="kỳ khóa sổ hao mòn", en="closing of wear")

    year: int = Field(unique=True)
    rulebook: str = Field(max_length=120)
    closed_at: datetime = moment_field()
    closed_by: str = Field(max_length=120)
    assets: int
    tools: int
    cost_vnd: int = Field(sa_type=BigInteger)
    annual_vnd: int = Field(sa_type=BigInteger)
    accumulated_vnd: int = Field(sa_type=BigInteger)
    digest: str = Field(max_length=64)
    rules: str = Field(default="", max_length=64, sa_column_kwargs={"server_default": ""})


class WearYear(SQLModel, table=True):
    """One asset in one closed year; who closed it when by which rulebook stands once, in its `WearClosing`.

    Attributes:
        closing_id: The closing; it also gives rulebook version, time and person.
        asset_id: The asset.
        site_id: The site that computed it: where the asset was in that December.
        year: The year.
        own: Whether it is something else than the rules make of the asset's own row: it has a history.
        checksum: Of the row alone, so that an edited one can be named: `checksum_of`.

    The other columns: `inventory.assets.depreciation.WearOfYear`.
    """

    __tablename__ = "wear_year"
    __table_args__ = (
        UniqueConstraint("asset_id", "year", name="uq_wear_year_asset_year"),
        Index("ix_wear_year_year_site", "year", "site_id"),
        Index("ix_wear_year_year_own", "year", "own"),
    )

    id: int | None = Field(default=None, primary_key=True)
    closing_id: int = Field(foreign_key="wear_closing.id", index=True)
    asset_id: int = Field(foreign_key="asset.id")
    site_id: int = Field(foreign_key="site.id", index=True)
    year: int
    cost_vnd: int = Field(sa_type=BigInteger)
    opening_vnd: int = Field(sa_type=BigInteger)
    written_off_vnd: int = Field(sa_type=BigInteger)
    annual_vnd: int = Field(sa_type=BigInteger)
    accumulated_vnd: int = Field(sa_type=BigInteger)
    used_years: int
    life_years: int
    yearly_vnd: int = Field(sa_type=BigInteger)
    spread: bool
    fixed: bool
    own: bool = Field(default=True, sa_column_kwargs={"server_default": true()})
    checksum: int = Field(default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})


ROW_COLUMNS: Final = ("asset_id", "site_id", *WearOfYear._fields)
"""What a row says, in the order that its digest takes."""

NAMED_MOST: Final = 20
"""Edited rows that are named."""


def last_closed(session: Session, through: int | None = None) -> int | None:
    """Return the last closed year, at latest `through`; `None` if no year was closed."""
    statement = select(func.max(column(WearClosing, "year")))
    if through is not None:
        statement = statement.where(column(WearClosing, "year") <= through)
    year: int | None = session.execute(statement).scalar()
    return year


class LastClosing(NamedTuple):
    """The closing that a value goes on from: its year, and the digest of the rules that it was made by."""

    year: int
    rules: str


def last_closing(session: Session, through: int) -> LastClosing | None:
    """Return the last closing, at latest that of the year `through`; `None` if there is none."""
    year = column(WearClosing, "year")
    statement = select(year, column(WearClosing, "rules")).where(year <= through).order_by(year.desc()).limit(1)
    found = session.execute(statement).one_or_none()
    return None if found is None else LastClosing(*found)


def closed_through(session: Session, asset_id: int) -> int | None:
    """Return the last closed year that an asset stands in; `None` if it stands in none."""
    mine = column(WearYear, "asset_id") == asset_id
    year: int | None = session.execute(select(func.max(column(WearYear, "year"))).where(mine)).scalar()
    return year


def require_open(session: Session, day: date) -> None:
    """Let an act dated `day` pass if its year is not closed.

    Raises:
        Conflict: The year is closed.
    """
    closed = last_closed(session)
    if closed is not None and day.year <= closed:
        raise Conflict(
            Text(
                vi="Năm {year} đã khóa sổ hao mòn (khóa đến hết năm {closed}), không ghi thêm hoặc sửa được.",
                en="The wear of {year} is closed (all years through {closed} are); nothing can be added or changed.",
            ).fill(year=day.year, closed=closed),
            Text(
                vi="Ghi điều chỉnh vào năm đang mở, kèm chứng từ.",
                en="Book the correction in the open year, with its document.",
            ),
        )


def digest_of(rows: Iterable[Iterable[int]]) -> str:
    """Return the SHA-256 of one year's rows, each as `ROW_COLUMNS` says, by asset; hexadecimal."""
    found = sha256()
    for row in rows:
        found.update(_line(row))
    return found.hexdigest()


def checksum_of(row: Iterable[int]) -> int:
    """Return a number of 63 bits that tells whether a row is as it was closed, with no secret in it."""
    return int.from_bytes(sha256(_line(row)).digest()[:8], "big") >> 1


def changed_closings(session: Session) -> list[int]:
    """Return the closed years whose rows are not as they were closed; nothing if all is well."""
    wrong = []
    closings = select(column(WearClosing, "year"), column(WearClosing, "digest")).order_by(column(WearClosing, "year"))
    for year, digest in session.execute(closings).all():
        columns = [column(WearYear, name) for name in ROW_COLUMNS]
        rows = select(*columns).where(column(WearYear, "year") == year).order_by(column(WearYear, "asset_id"))
        if digest_of(tuple(row) for row in session.execute(rows)) != digest:
            wrong.append(year)
    return wrong


def changed_rows(session: Session, year: int, most: int = NAMED_MOST) -> list[int]:
    """Return the numbers of assets whose row of a closed year was edited, ascending, `most` at the most.

    A row that is gone, one that was added, one that was closed before rows had checksums, or one whose checksum was
    forged too, is told by `changed_closings` alone.
    """
    columns = [column(WearYear, name) for name in (*ROW_COLUMNS, "checksum")]
    rows = select(*columns).where(column(WearYear, "year") == year).order_by(column(WearYear, "asset_id"))
    edited = (row[0] for row in session.execute(rows) if row[-1] and checksum_of(row[:-1]) != row[-1])
    return list(islice(edited, most))


def _line(row: Iterable[int]) -> bytes:
    return (";".join(str(int(value)) for value in row) + "\n").encode()
