"""Reports of a collector, as they come over the wire: changes of state, facts that were seen, configurations."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Annotated, Any, Final, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
)

from api.configurations.taking import Read
from collector.platforms import PLATFORMS
from collector.shell.configs import MOST_PACKED, storable, unpacked
from inventory.network.observations import Observation, Transition

MOST_REPORTS: Final = 500
"""Reports of one batch."""


def _storable(value: object) -> object:
    # A device may send anything; PostgreSQL stores no NUL.
    return value.replace("\0", "\ufffd") if isinstance(value, str) else value


def _cut(limit: int) -> AfterValidator:
    return AfterValidator(lambda text: text[:limit])


def _known_platform(name: str) -> str:
    if name not in PLATFORMS:
        raise ValueError("unknown platform")
    return name


def _unpacked(packed: str) -> str:
    return storable(unpacked(packed))


_Uid = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
_Name = Annotated[str, Field(pattern=r"^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$")]
_Probe = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
_Said = Annotated[str, BeforeValidator(_storable), Field(max_length=4_000)]


class _Report(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    uid: _Uid
    instance: _Name
    site: _Name
    probe: _Probe
    at: AwareDatetime


class TransitionReport(_Report):
    """A change of state; what is said of it beyond 200 characters is cut."""

    kind: Literal["transition"]
    element: Annotated[str, Field(pattern=r"^(device|link|service):[a-z0-9._-]{1,64}$")]
    state: Literal["up", "down"]
    reason: Annotated[str, Field(pattern=r"^[a-z0-9_]{1,32}$")] | None = None
    detail: Annotated[_Said, _cut(200)] = ""


class ObservationReport(_Report):
    """A fact that was seen; beyond 500 characters it is cut."""

    kind: Literal["observation"]
    fact: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
    subject: Annotated[_Said, _cut(128)] = ""
    value: Annotated[_Said, _cut(500)]


class ConfigurationReport(_Report):
    """The whole configuration of a device, compressed and in base64 (`collector.shell.configs.packed`)."""

    kind: Literal["configuration"]
    platform: Annotated[str, Field(max_length=32), AfterValidator(_known_platform)]
    text: Annotated[str, Field(alias="packed", max_length=MOST_PACKED, repr=False), AfterValidator(_unpacked)]


_AnyReport = TransitionReport | ObservationReport | ConfigurationReport
_REPORT: Final[TypeAdapter[_AnyReport]] = TypeAdapter(Annotated[_AnyReport, Field(discriminator="kind")])


@dataclass(frozen=True, slots=True)
class Reported:
    """What a batch of reports asks for.

    Attributes:
        transitions: Changes of state, in order.
        observations: Facts.
        configurations: Configurations that were read, in order.
        refused: How many reports are not understood.
    """

    transitions: list[Transition] = field(default_factory=list)
    observations: list[Observation] = field(default_factory=list)
    configurations: list[Read] = field(default_factory=list)
    refused: int = 0


def read_reports(collector: str, reports: list[dict[str, Any]], received_at: datetime) -> Reported:
    """Return what reports ask for, each kind in their order.

    A wrong one is left out and counted, so that it never holds up those behind it.

    Args:
        collector: Who reports.
        reports: As parsed from JSON, at most `MOST_REPORTS`.
        received_at: Aware UTC.
    """
    found, refused = Reported(), 0
    for raw in reports:
        try:
            report = _REPORT.validate_python(raw, strict=False)
        except ValidationError:
            refused += 1
            continue
        if isinstance(report, TransitionReport):
            found.transitions.append(_transition(collector, report, received_at))
        elif isinstance(report, ObservationReport):
            found.observations.append(_observation(report, received_at))
        else:
            found.configurations.append(Read(report.instance, report.site, report.platform, report.text, report.at))
    return replace(found, refused=refused)


def _transition(collector: str, report: TransitionReport, received_at: datetime) -> Transition:
    # Of a collector whose clock is ahead: else an outage would last until its end's time has come.
    seen = report.model_dump(exclude={"kind"}) | {"at": min(report.at, received_at)}
    return Transition(collector=collector, received_at=received_at, **seen)


def _observation(report: ObservationReport, received_at: datetime) -> Observation:
    # Of a collector whose clock is ahead: nothing was seen tomorrow, or it would never be missed.
    at = min(report.at, received_at)
    return Observation(
        source=report.probe,
        instance=report.instance,
        site=report.site,
        fact=report.fact,
        subject=report.subject,
        value=report.value,
        first_seen=at,
        last_seen=at,
    )
