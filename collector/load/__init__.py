"""Processor load and memory use from vendors' own MIBs.

Hosts and MikroTik provide these in HOST-RESOURCES-MIB, which `snmp_host` reads itself; other vendors do not.
"""

from typing import Final

from collector.load import boards, cisco, juniper, single
from collector.load.reading import LoadTable

TABLES: Final[tuple[LoadTable, ...]] = (
    cisco.PROCESSOR,
    cisco.OLD_PROCESSOR,
    cisco.OLDEST_PROCESSOR,
    cisco.ENHANCED_POOL,
    cisco.POOL,
    cisco.PROCESSOR_MEMORY,
    juniper.OPERATING,
    boards.HUAWEI,
    boards.HUAWEI_PROCESSOR,
    boards.HUAWEI_MEMORY,
    boards.H3C,
    boards.H3C_OLD,
    single.FORTINET,
    single.RUIJIE,
    single.RUIJIE_MEMORY,
    single.HPE,
    single.HPE_MEMORY,
    single.ARUBA,
    single.ARUBA_MEMORY,
    single.FOUNDRY,
    single.TP_LINK,
    single.TP_LINK_MEMORY,
)
"""Every table; of two that say the same the better one first."""
