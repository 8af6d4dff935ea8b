"""The table of rule groups; every module of this folder is in it."""

from typing import Final

from alerts.rule import Group, Rule
from alerts.rules.collectors import COLLECTORS
from alerts.rules.configurations import CONFIGURATIONS
from alerts.rules.devices import DEVICES
from alerts.rules.discovery import DISCOVERY
from alerts.rules.hosts import HOSTS
from alerts.rules.house import HOUSE
from alerts.rules.links import LINKS
from alerts.rules.power import POWER
from alerts.rules.printers import PRINTERS
from alerts.rules.reach import REACH
from alerts.rules.sensors import SENSORS
from alerts.rules.services import SERVICES
from alerts.rules.traffic import TRAFFIC

GROUPS: Final[tuple[Group, ...]] = (
    REACH, LINKS, TRAFFIC, POWER, DEVICES, SENSORS, HOSTS, PRINTERS, CONFIGURATIONS, DISCOVERY, SERVICES,
    COLLECTORS, HOUSE,
)  # fmt: skip

RULES: Final[dict[str, Rule]] = {rule.name: rule for group in GROUPS for rule in group.alerts}
"""Every alert rule by its name."""
