"""The copies of a device as the books know them: when each was first and last what the device had, who changed it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlmodel import Session

from api.configurations.taking import CHANGED, CONFIGURATION, SOURCE
from inventory.access.rights import Actor, visible
from inventory.books import Books
from inventory.columns import column
from inventory.db import reading, writing
from inventory.errors import NotFound
from inventory.history import masked, record
from inventory.network.devices import Device
from inventory.network.observations import Observation

MOST: Final = 100
"""Copies of a device that are listed."""


@dataclass(frozen=True, slots=True)
class Version:
    """One copy.

    Attributes:
        version: By which it is asked for.
        first_seen: When it was read first.
        last_seen: When the device was last seen to have it.
        told: Who changed it and when, as the device says it; empty where it does not.
    """

    version: str
    first_seen: datetime
    last_seen: datetime
    told: str


def device_of(books: Books, actor: Actor, name: str) -> Device:
    """Return a device that the reader may see.

    Raises:
        NotFound: There is none, or the reader may not know of it.
    """
    with reading(books.engine) as session:
        found = _device(session, actor, name)
        session.expunge_all()
    return found


def versions_of(books: Books, device: str) -> list[Version]:
    """Return the copies of a device, the newest first, at most `MOST`."""
    with reading(books.engine) as session:
        told = {row.subject: row.value for row in _facts(session, device, CHANGED)}
        return _versions(_facts(session, device, CONFIGURATION), told)


def note_taking(books: Books, actor: Actor, name: str) -> None:
    """Write into the history that somebody took a configuration with its secrets; before it is given out.

    Raises:
        NotFound: There is no such device, or the actor may not know of it.
    """
    with writing(books.engine) as session:
        device = _device(session, actor, name)
        record(
            session,
            books.keys,
            actor=actor,
            act="take_configuration",
            obj=device,
            before=masked(device),
            sites=[device.site_id],
        )


def _device(session: Session, actor: Actor, name: str) -> Device:
    # A retired device's last configuration is what its successor is set up from: it stays readable.
    found: Device | None = session.scalars(
        select(Device).where(column(Device, "name") == name, visible(actor, Device))
    ).one_or_none()
    if found is None:
        raise NotFound(Device.NOUN, name)
    return found


def _facts(session: Session, device: str, fact: str) -> Sequence[Observation]:
    of_device = column(Observation, "instance") == device, column(Observation, "source") == SOURCE
    newest = column(Observation, "first_seen").desc(), column(Observation, "id").desc()
    return session.scalars(
        select(Observation).where(*of_device, column(Observation, "fact") == fact).order_by(*newest).limit(MOST)
    ).all()


def _versions(facts: Sequence[Observation], told: Mapping[str, str]) -> list[Version]:
    return [Version(row.value, row.first_seen, row.last_seen, told.get(row.value, "")) for row in facts]
