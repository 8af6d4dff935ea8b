"""What a platform is: which commands to type, what the answers mean, where secrets are."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from collector.probe import Observation
from collector.shell.raising import Raising
from inventory.text import Text


class Facts(NamedTuple):
    """What a device says of itself on its command line.

    Attributes:
        observations: Serial, model, firmware, transceivers.
        uptime_s: Seconds since it started; `None` where it does not say.
    """

    observations: tuple[Observation, ...] = ()
    uptime_s: float | None = None


class Secret(NamedTuple):
    """Where a secret stands in a line of a configuration.

    Attributes:
        pattern: Its group `secret` is what is hidden.
        under: The section whose lines it is about, for platforms that write a section's name on a line of its own;
            `None` for every line.
    """

    pattern: re.Pattern[str]
    under: re.Pattern[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """One kind of command line.

    Attributes:
        name: As the books say it in a device's `platform`.
        title: For people.
        driver: netmiko's name for it.
        config: Commands that print the configuration, so that it can be restored; the first one understood counts.
        facts: Commands that `read` understands.
        read: Turns what they printed, by command, into facts; a command that was refused has an empty answer.
        refused: Finds the line by which the device says that it does not understand a command.
        whole: Finds what a complete configuration holds; without it the answer was cut off.
        volatile: Lines that change by themselves.
        changed: Finds the line that says who changed the configuration and when: groups `who` and `when`.
        secrets: Where secrets stand, beyond those that are written alike everywhere (see `collector.shell.masking`).
        section: Finds a line that names a section; `None` where there are none.
        wrapped: Finds where the device broke a long line; `None` where it does not.
        salted: Finds what the device seals anew each time it prints it, so that it says nothing of a change; `None`
            where it does not.
        raising: How a login gets more rights; `None` where its rights are what it logs in with.
        declined: Finds a question at the login that is answered with N; `None` where none is asked.
    """

    name: str
    title: Text
    driver: str
    config: tuple[str, ...]
    facts: tuple[str, ...]
    read: Callable[[Mapping[str, str]], Facts]
    refused: re.Pattern[str]
    whole: re.Pattern[str]
    volatile: tuple[re.Pattern[str], ...] = ()
    changed: tuple[re.Pattern[str], ...] = ()
    secrets: tuple[Secret, ...] = ()
    section: re.Pattern[str] | None = None
    wrapped: re.Pattern[str] | None = None
    salted: re.Pattern[str] | None = None
    raising: Raising | None = None
    declined: str | None = None


def lines(*patterns: str) -> tuple[re.Pattern[str], ...]:
    """Return patterns that are looked for at the beginning of a line."""
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns)


def secrets(*patterns: str) -> tuple[Secret, ...]:
    """Return places of secrets that may stand in any line; `~` stands for the secret itself, up to the line's end."""
    return tuple(Secret(re.compile(one.replace("~", r"(?P<secret>\S.*)"), re.IGNORECASE)) for one in patterns)


def said(kind: str, subject: str, value: str) -> tuple[Observation, ...]:
    """Return a fact, or nothing if the device left it empty."""
    value = " ".join(value.split())
    return (Observation(kind, subject, value),) if value and value.casefold() not in {"n/a", "none", "-"} else ()


def transceiver(port: str, *parts: str) -> tuple[Observation, ...]:
    """Return the fact that a transceiver stands in a port: maker, part and serial number, those that are known."""
    return said("transceiver", port, " ".join(parts))


_UNITS = {"y": 31_536_000, "w": 604_800, "d": 86_400, "h": 3_600, "m": 60, "s": 1}
_SPAN = re.compile(
    r"(\d+)\s*(years?|weeks?|days?|hours?|minutes?|mins?|seconds?|secs?|[ywdhms])(?![a-z])", re.IGNORECASE
)
_CLOCK = re.compile(r"\b(\d{1,3}):(\d{2})(?::(\d{2}))?\b")


def seconds(words: str) -> float | None:
    """Return how long a span is in seconds: `1 year, 2 weeks, 3 minutes`, `1w2d3h4m5s`, `5d 06:07`; `None` if none."""
    spans = [int(count) * _UNITS[unit[0].lower()] for count, unit in _SPAN.findall(words)]
    clock = _CLOCK.search(words)
    if clock:
        spans.append(int(clock[1]) * 3_600 + int(clock[2]) * 60 + int(clock[3] or 0))
    return float(sum(spans)) if spans else None
