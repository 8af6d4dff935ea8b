"""Processor time of other processes, as the kernel books it: user and system, threads that have ended included."""

import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

TICK_S = 1 / os.sysconf("SC_CLK_TCK")
"""The kernel's grain; what is measured should take a hundred of these."""

FIRST = -15
"""Niceness of what is measured."""


@dataclass(frozen=True, slots=True)
class Meter:
    """Reads the processor time of one process."""

    pid: int

    def seconds(self) -> float:
        """Return user and system time since the process started, in seconds."""
        fields = Path(f"/proc/{self.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) * TICK_S


@dataclass(frozen=True, slots=True)
class Spent:
    """What this process has spent since it started.

    Attributes:
        user_s: Seconds of processor in its own code.
        system_s: Seconds of processor in the kernel on its behalf.
        woken: How often it slept and was woken.
    """

    user_s: float
    system_s: float
    woken: int

    @property
    def all_s(self) -> float:
        """Return user and system time in seconds."""
        return self.user_s + self.system_s


def spent() -> Spent:
    """Return what this process has spent since it started, its threads included."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return Spent(usage.ru_utime, usage.ru_stime, usage.ru_nvcsw)


def memory_kb(pid: int | str = "self") -> float:
    """Return the resident memory that a process has of its own, in kilobytes of 1,024 octets."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8").splitlines()
    sizes = {line.split(":")[0]: int(line.split()[1]) for line in lines[1:]}
    return float(sizes["Private_Clean"] + sizes["Private_Dirty"])


@contextmanager
def first() -> Iterator[None]:
    """Let the calling thread, and what it starts, run before whatever else the machine does now; needs root."""
    before = os.getpriority(os.PRIO_PROCESS, 0)
    os.setpriority(os.PRIO_PROCESS, 0, FIRST)
    try:
        yield
    finally:
        os.setpriority(os.PRIO_PROCESS, 0, before)
