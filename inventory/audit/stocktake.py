"""Stocktakes (kiểm kê): a campaign, its frozen expected list, what people counted, and what was decided."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar, Final

from sqlalchemy import select
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Field, SQLModel, UniqueConstraint

from inventory.columns import Booked, Places, column, json_field, moment_field, now, whole_field
from inventory.text import Text

MOST_LINES: Final = 10_000
"""Lines of one expected list; a larger book is counted in several campaigns."""


class StocktakeState(StrEnum):
    """Where a campaign is: DRAFT is planned, COUNTING has its list, REVIEWING decides, SIGNED never changes again."""

    DRAFT = "draft"
    COUNTING = "counting"
    REVIEWING = "reviewing"
    SIGNED = "signed"


OPEN: Final = (StocktakeState.COUNTING.value, StocktakeState.REVIEWING.value)
"""States in which entries are taken."""

STATE_LABELS: Final = {
    StocktakeState.DRAFT: Text(vi="đang chuẩn bị", en="being prepared"),
    StocktakeState.COUNTING: Text(vi="đang kiểm đếm", en="counting"),
    StocktakeState.REVIEWING: Text(vi="đang xử lý chênh lệch", en="deciding on differences"),
    StocktakeState.SIGNED: Text(vi="đã ký biên bản", en="minutes signed"),
}


class Method(StrEnum):
    """How a thing was counted."""

    SCAN = "scan"
    HAND = "hand"
    NETWORK = "network"


METHOD_LABELS: Final = {
    Method.SCAN: Text(vi="quét mã", en="label scanned"),
    Method.HAND: Text(vi="kiểm đếm tại chỗ", en="counted by hand"),
    Method.NETWORK: Text(vi="xác nhận qua mạng", en="confirmed by the network"),
}


class Condition(StrEnum):
    """In what state a thing was found."""

    OK = "ok"
    DAMAGED = "damaged"


class Stocktake(Booked, table=True):
    """One campaign.

    Attributes:
        title: What it is called.
        year: The year whose books it is for.
        due: When it has to be done.
        site_ids: Sites in its scope; also `StocktakeSite`, where a query can use them.
        categories: Keys of the categories in its scope; empty = all.
        committee: Members, each `{"name", "title", "role"}` with the role `head` or `member`.
        unit: Header of the minutes: the unit.
        department: Header of the minutes: the department that uses the things.
        unit_code: Header of the minutes: the unit's code in the budget.
        head_of_unit: Who signs as head of the unit.
        chief_accountant: Who signs as chief accountant.
        evidence_days: For how many days what the network saw of a thing vouches for it.
        state: One of `StocktakeState`.
        started_at: When the expected list was frozen.
        signed_at: When it was signed off.
        signed_by: By whom.
        conclusion: What the head of the unit decided on the whole.
        content_hash: SHA-256 of all that the minutes rest on, as of the signature.
        chain_head: Where the history ended then.
    """

    __tablename__ = "stocktake"
    KEY: ClassVar[str] = "id"
    NOUN: ClassVar[Text] = Text(vi="đợt kiểm kê", en="stocktake")
    SEARCH: ClassVar[tuple[str, ...]] = ("title",)
    ORDER: ClassVar[str] = "title"

    title: str = Field(max_length=200)
    year: int = Field(index=True)
    due: date = Field(index=True)
    site_ids: list[int] = json_field(default_factory=list)
    categories: list[str] = json_field(default_factory=list)
    committee: list[dict[str, str]] = json_field(default_factory=list)
    unit: str = Field(default="", max_length=200)
    department: str = Field(default="", max_length=200)
    unit_code: str = Field(default="", max_length=40)
    head_of_unit: str = Field(default="", max_length=120)
    chief_accountant: str = Field(default="", max_length=120)
    evidence_days: int = Field(default=30)
    state: str = Field(default=StocktakeState.DRAFT.value, max_length=16, index=True)
    started_at: datetime | None = moment_field(default=None)
    signed_at: datetime | None = moment_field(default=None)
    signed_by: str = Field(default="", max_length=120)
    conclusion: str = Field(default="", max_length=2000)
    content_hash: str = Field(default="", max_length=64)
    chain_head: str = Field(default="", max_length=64)

    @classmethod
    def seen_from(cls, site_ids: Places) -> ColumnElement[bool]:
        """Return whether one of these sites is counted in it."""
        mine = select(column(StocktakeSite, "stocktake_id")).where(column(StocktakeSite, "site_id").in_(site_ids))
        return column(cls, "id").in_(mine)


class StocktakeSite(SQLModel, table=True):
    """A site in the scope of a campaign."""

    __tablename__ = "stocktake_site"

    stocktake_id: int = Field(primary_key=True, foreign_key="stocktake.id")
    site_id: int = Field(primary_key=True, foreign_key="site.id", index=True)


class ExpectedLine(SQLModel, table=True):
    """A thing that ought to be there, as the books had it when the campaign began; never changed afterwards.

    Attributes:
        number: From 1, in the order of the minutes: site, room, tag.
        site: Slug of the site; `site_name` is its name then.
        residual_vnd: Cost less wear by the books that day; `None` where the facts of its wear contradict each other.
    """

    __tablename__ = "expected_line"
    __table_args__ = (
        UniqueConstraint("stocktake_id", "asset_id", name="uq_expected_line_asset"),
        UniqueConstraint("stocktake_id", "number", name="uq_expected_line_number"),
    )

    id: int | None = Field(default=None, primary_key=True)
    stocktake_id: int = Field(foreign_key="stocktake.id", index=True)
    number: int
    asset_id: int = Field(foreign_key="asset.id", index=True)
    tag: str = Field(max_length=64, index=True)
    serial: str = Field(default="", max_length=120)
    mac: str = Field(default="", max_length=17)
    name: str = Field(max_length=200)
    category: str = Field(max_length=32)
    site_id: int = Field(foreign_key="site.id", index=True)
    site: str = Field(max_length=64)
    site_name: str = Field(max_length=200)
    room: str = Field(default="", max_length=120)
    status: str = Field(max_length=16)
    cost_vnd: int = whole_field()
    residual_vnd: int | None = whole_field(default=None)

    @classmethod
    def seen_from(cls, site_ids: Places) -> ColumnElement[bool]:
        """Return whether the thing ought to stand at one of these sites."""
        return column(cls, "site_id").in_(site_ids)


class CountEntry(SQLModel, table=True):
    """One look at one thing; append-only.

    Attributes:
        uid: Made by the browser; a second delivery of the same uid changes nothing.
        line_id: The expected line, if the thing is on the list.
        asset_id: The booked asset, if it is not on the list but in the books.
        tag: What was read from the label; empty if there was none.
        serial: What was read of the thing itself, if it has no label.
        name: What it looks like, if it has no label.
        known: For a booked asset that is not on the list: tag, name, site and cost as the books had it then.
        method: One of `Method`.
        condition: One of `Condition`.
        site_id: Where it was found; `site_name` is the name of the place then.
        voids: `uid` of an entry that this one takes back; then nothing else of it counts.
        counted_by: Who counted.
        counted_at: When, by the browser's clock, never later than `received_at`.
        received_at: When the program wrote it.
    """

    __tablename__ = "count_entry"

    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(unique=True, max_length=32)
    stocktake_id: int = Field(foreign_key="stocktake.id", index=True)
    line_id: int | None = Field(default=None, foreign_key="expected_line.id", index=True)
    asset_id: int | None = Field(default=None, foreign_key="asset.id", index=True)
    tag: str = Field(default="", max_length=64)
    serial: str = Field(default="", max_length=120)
    name: str = Field(default="", max_length=200)
    known: dict[str, Any] = json_field(default_factory=dict)
    method: str = Field(max_length=16)
    condition: str = Field(default=Condition.OK.value, max_length=16)
    site_id: int = Field(foreign_key="site.id", index=True)
    site_name: str = Field(max_length=200)
    room: str = Field(default="", max_length=120)
    note: str = Field(default="", max_length=500)
    voids: str = Field(default="", max_length=32, index=True)
    counted_by: str = Field(max_length=120)
    counted_at: datetime = moment_field()
    received_at: datetime = moment_field(default_factory=now)


class CountDecision(Booked, table=True):
    """What was decided on one difference.

    Attributes:
        subject: The difference, as `inventory.audit.differences.Difference.subject` names it.
        basis: Digest of the difference that was decided on; another one has to be decided anew.
        kind: A key of `inventory.audit.deciding.DECISIONS`.
    """

    __tablename__ = "count_decision"
    __table_args__ = (UniqueConstraint("stocktake_id", "subject", name="uq_count_decision_subject"),)
    KEY: ClassVar[str] = "id"
    NOUN: ClassVar[Text] = Text(vi="quyết định xử lý chênh lệch", en="decision on a difference")

    stocktake_id: int = Field(foreign_key="stocktake.id", index=True)
    subject: str = Field(max_length=200)
    basis: str = Field(max_length=64)
    kind: str = Field(max_length=32)
    note: str = Field(default="", max_length=500)
    decided_by: str = Field(max_length=120)


class CountFollowUp(Booked, table=True):
    """A decision of signed minutes that a person has carried out in the books; the decision itself stays as signed.

    Attributes:
        subject: The difference, as its decision names it.
        kind: What was decided, a key of `inventory.audit.deciding.DECISIONS`.
        asset_id: The asset that was changed or booked.
        document_id: The document that changed it; `None` where a surplus was booked.
        done_by: Who confirmed it.
    """

    __tablename__ = "count_follow_up"
    KEY: ClassVar[str] = "id"
    NOUN: ClassVar[Text] = Text(vi="việc thực hiện quyết định kiểm kê", en="follow-up of a stocktake")

    stocktake_id: int = Field(foreign_key="stocktake.id", index=True)
    subject: str = Field(max_length=200)
    kind: str = Field(max_length=32)
    asset_id: int = Field(foreign_key="asset.id", index=True)
    document_id: int | None = Field(default=None, foreign_key="document.id", index=True)
    done_by: str = Field(max_length=120)

    @classmethod
    def in_use(cls) -> ColumnElement[bool]:
        """Return false for all: what was done never keeps an asset from being retired."""
        return column(cls, "id") < 0
