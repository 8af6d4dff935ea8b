"""What the last sweeps of a subnet brought: when, how many answered, which of them nothing in the books explains."""

from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address, ip_network

from sqlalchemy import distinct, func, select
from sqlmodel import Session

from inventory.access.rights import Actor, visible
from inventory.columns import column, now
from inventory.network.findings import Finding
from inventory.network.observations import Observation
from inventory.network.placing import FRESH
from inventory.network.recognition import is_unknown
from inventory.network.subnets import Subnet


@dataclass(frozen=True, slots=True)
class Swept:
    """What sweeps of a subnet brought.

    Attributes:
        last: When an answer was last reported, known ones once a day; `None` for never.
        answering: Addresses that answered lately.
        unknown: Things within it that nothing in the books explains, in the order of their addresses.
    """

    last: datetime | None
    answering: int
    unknown: tuple[Finding, ...]


def swept(session: Session, actor: Actor, subnet: Subnet) -> Swept:
    """Return what sweeps of a subnet brought, as far as the actor may know of it."""
    seen, subject = column(Observation, "last_seen"), column(Observation, "subject")
    alive = (column(Observation, "source") == "sweep") & (column(Observation, "fact") == "alive")
    mine = alive & (column(Observation, "instance") == subnet.name)
    last = session.execute(select(func.max(seen)).where(mine)).scalar_one()
    lately = mine & (seen >= now() - FRESH)
    answering = session.execute(select(func.count(distinct(subject))).where(lately)).scalar_one()
    here = (column(Finding, "site_id") == subnet.site_id) & (column(Finding, "address") != "")
    found = session.scalars(select(Finding).where(here, is_unknown(), visible(actor, Finding)))
    network = ip_network(subnet.cidr)
    within = [one for one in found if ip_address(one.address) in network]
    return Swept(last, int(answering), tuple(sorted(within, key=lambda one: int(ip_address(one.address)))))
