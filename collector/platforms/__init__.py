"""The supported command lines, one entry of this table each."""

from collections.abc import Mapping
from typing import Final

from collector.platforms.aruba import AOSCX, AOSS
from collector.platforms.cisco import IOS, NXOS
from collector.platforms.fortinet import FORTIOS
from collector.platforms.frr import FRR
from collector.platforms.huawei import COMWARE, VRP
from collector.platforms.juniper import JUNOS
from collector.platforms.mikrotik import ROUTEROS
from collector.platforms.platform import Platform
from collector.platforms.ruijie import RUIJIE
from collector.platforms.tplink import TPLINK
from collector.platforms.vyos import VYOS
from collector.platforms.zte import ZTE

PLATFORMS: Final[Mapping[str, Platform]] = {
    one.name: one
    for one in (
        ROUTEROS, IOS, NXOS, JUNOS, VRP, COMWARE, FRR, VYOS, FORTIOS, AOSS, AOSCX, RUIJIE, ZTE, TPLINK,
    )
}  # fmt: skip
"""Every platform by its name in the books."""
