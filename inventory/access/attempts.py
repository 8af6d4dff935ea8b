"""Failed sign-ins, counted by the address that they came from."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, func, select
from sqlmodel import Field, Session, SQLModel, col

from inventory.columns import moment_field

WINDOW: Final = timedelta(minutes=15)
"""How long a failed sign-in counts against its address."""

MOST_PER_ADDRESS: Final = 30
"""Failed sign-ins of one address within `WINDOW`; a whole commune office may share one address."""


class SignInFailure(SQLModel, table=True):
    """One sign-in that was refused. The name typed is not kept: people type passwords into the wrong field.

    Attributes:
        at: When.
        address: Network address that asked; empty if unknown (a Unix socket).
    """

    __tablename__ = "sign_in_failure"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = moment_field(index=True)
    address: str = Field(default="", max_length=64, index=True)


def note(session: Session, address: str, now: datetime) -> None:
    """Write down one failed sign-in of an address."""
    session.add(SignInFailure(at=now, address=address[:64]))


def wait_of(session: Session, address: str, now: datetime) -> timedelta | None:
    """Return how long an address has to wait before it may try again, `None` if it need not."""
    recent = (col(SignInFailure.address) == address[:64]) & (col(SignInFailure.at) > now - WINDOW)
    row = session.execute(select(func.count(), func.min(SignInFailure.at)).where(recent)).one()
    count = int(row[0])
    oldest: datetime | None = row[1]
    if count < MOST_PER_ADDRESS or oldest is None:
        return None
    return max(oldest + WINDOW - now, timedelta(seconds=1))


def forget(session: Session, now: datetime) -> None:
    """Delete what counts no longer."""
    session.execute(delete(SignInFailure).where(col(SignInFailure.at) <= now - WINDOW))
