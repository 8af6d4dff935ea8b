"""What has to be walked to learn of a vendor's modules, and how it is read."""

from collector.agents.tables import Columns, Table
from collector.optics.module import Module

__all__ = ["Columns", "OpticsTable"]

OpticsTable = Table[Module]
"""One MIB's table of optical modules."""
