"""What is done with a configuration that was read: kept if it changed, and noted among what was seen."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session

from api.configurations.archive import Archive, Copy
from collector.probe import Observation as Seen
from inventory.columns import column
from inventory.errors import Unavailable
from inventory.keys import BadKey
from inventory.network.devices import Device
from inventory.network.observations import Observation

log = logging.getLogger(__name__)

SOURCE = "ssh_config"
CONFIGURATION = "configuration"
"""Fact: the version of the copy that stands for what the device has; seen from the first to the last time."""

CHANGED = "configuration_changed"
"""Fact: who changed it and when, as the device says it; its subject is the version."""


@dataclass(frozen=True, slots=True)
class Read:
    """A configuration that was read from a device.

    Attributes:
        instance: Name of the device.
        site: Slug of its site then.
        platform: A key of `collector.platforms.PLATFORMS`.
        text: All of it.
        at: Aware UTC.
    """

    instance: str
    site: str
    platform: str
    text: str = field(repr=False)
    at: datetime


def known_devices(session: Session, names: Sequence[str]) -> frozenset[str]:
    """Return which of these names are devices in use: of nothing else a copy is kept."""
    in_use = column(Device, "name").in_(names) & column(Device, "retired_at").is_(None)
    return frozenset(session.scalars(select(column(Device, "name")).where(in_use)))


def taken(archive: Archive, read: Sequence[Read], known: frozenset[str]) -> list[Observation]:
    """Keep what changed, and return what is to be noted of each; delivered again, it notes the same.

    What cannot be kept is not noted, so that its age is told; it holds up nothing else, and is read again tomorrow.
    """
    noted: list[Observation] = []
    for one in read:
        if one.instance not in known:
            continue
        try:
            copy, written = archive.save(one.instance, one.platform, one.text, one.at)
        except (Unavailable, BadKey) as error:
            log.error("the configuration of %s is not kept: %s", one.instance, error)  # noqa: TRY400 - it says all
            continue
        noted += noted_of(one, copy, written)
    return noted


def noted_of(one: Read, copy: Copy, written: bool) -> Iterator[Observation]:
    """Yield what is to be noted of a configuration, of the copy that stands for it, and of whether it is new."""
    at = one.at if written or one.at > copy.at else copy.at
    yield _seen(one, CONFIGURATION, "running", copy.version, at)
    words = " · ".join(filter(None, (copy.told.who, copy.told.when)))
    if words:
        yield _seen(one, CHANGED, copy.version, words, at)


def proof_of(one: Read, seen: Seen) -> Observation:
    """Return what a probe saw beside the configuration, as it is noted."""
    return _seen(one, seen.kind, seen.subject, seen.value, one.at)


def _seen(one: Read, fact: str, subject: str, value: str, at: datetime) -> Observation:
    return Observation(
        source=SOURCE, instance=one.instance, site=one.site, fact=fact, subject=subject, value=value,
        first_seen=at, last_seen=at,
    )  # fmt: skip
