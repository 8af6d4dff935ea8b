"""What has to be walked to learn of a vendor's modules, and how it is read."""

from collector.optics.module import Module
from collector.tables import Columns, Table

__all__ = ["Columns", "OpticsTable"]

OpticsTable = Table[Module]
"""One MIB's table of optical modules."""
