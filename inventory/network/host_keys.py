"""Host keys of devices: the first that is seen is booked, and from then on the device has to prove it."""

import re
from collections.abc import Iterable
from typing import Final

from sqlalchemy import select
from sqlmodel import Session

from inventory.columns import column, now
from inventory.history import Acting, Done, alone, masked, record_all
from inventory.keys import Keys
from inventory.network.devices import HOST_KEY, Device
from inventory.network.observations import Observation

FACT = "host_key"

_KEY: Final = re.compile(HOST_KEY)


def trust_first(session: Session, keys: Keys, actor: Acting, seen: Iterable[Observation]) -> int:
    """Book the host keys of devices for which the books know none, and return how many that were.

    A key that differs from the booked one changes nothing: a person has to say that it is right.

    Args:
        session: Inside a writing transaction.
        keys: The keys of the installation.
        actor: Who reported them.
        seen: What was seen, of whatever fact.
    """
    proved: dict[str, str] = {}
    for one in seen:
        if one.fact == FACT and _KEY.fullmatch(one.value):
            proved.setdefault(one.instance, one.value)
    if not proved:
        return 0
    alone(session)
    without = column(Device, "ssh_host_key").is_(None) & column(Device, "retired_at").is_(None)
    rows = session.scalars(select(Device).where(column(Device, "name").in_(proved), without)).all()
    acts = []
    for device in rows:
        before = masked(device)
        device.ssh_host_key = proved[device.name]
        device.version += 1
        device.updated_at = now()
        acts.append(Done("trust_host_key", device, before, [device.site_id]))
    if acts:
        record_all(session, keys, actor=actor, acts=acts)
    return len(acts)
