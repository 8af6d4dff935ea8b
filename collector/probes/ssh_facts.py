"""What a device says of itself on its command line: serial, model, firmware, uptime, transceivers."""

import asyncio
import time
from typing import TYPE_CHECKING, Annotated, Final

from pydantic import AfterValidator, Field

from collector import metrics
from collector.platforms import PLATFORMS
from collector.platforms.platform import Platform
from collector.probe import Answer, Doors, Observation, Probe, ProbeFailure, Sample, Settings
from collector.shell.session import Jump, Typed, Way
from collector.target import Address, Credential, Target
from inventory.text import Text

if TYPE_CHECKING:
    from collector.ssh import Ssh

MOST_FACTS: Final = 600
"""Facts of one device that are reported: a large switch has a module in each of its ports."""

HostKey = Annotated[str, Field(pattern=r"^[a-z0-9@.-]{3,40} SHA256:[A-Za-z0-9+/]{43}$")]
Port = Annotated[int, Field(ge=1, le=65_535)]


def _known(name: str) -> str:
    if name not in PLATFORMS:
        raise ValueError("must be one of " + ", ".join(sorted(PLATFORMS)))
    return name


class SshSettings(Settings):
    """How the device is reached and spoken to."""

    platform: Annotated[str, AfterValidator(_known)]
    """What kind of command line it has: a key of `collector.platforms.PLATFORMS`."""

    port: Port = 22
    """TCP port of its SSH server."""

    host_key: HostKey | None = None
    """What it has to prove (`ssh-ed25519 SHA256:...`); without it the first key that is seen is taken."""

    jump_address: Address | None = None
    """IP address of a host through which it is reached, with the same login."""

    jump_port: Port = 22
    """TCP port of that host's SSH server."""

    jump_host_key: HostKey | None = None
    """What that host has to prove; needed with `jump_address`."""

    again: bool = False
    """Whether a login that was refused within the last day is tried all the same, as when a person asks."""


async def run(target: Target, settings: SshSettings, credential: Credential | None, doors: Doors) -> Answer:
    """Log in, type the commands of the platform and read what they printed.

    Raises:
        ProbeFailure: As `Ssh.ask`; or the device lets this login type none of the commands.
    """
    platform = PLATFORMS[settings.platform]
    host_key, texts = await typed(target, settings, credential, doors, [(command,) for command in platform.facts])
    if not any(texts):
        raise ProbeFailure("ssh_refused", platform.facts[0])
    printed = {command: text or "" for command, text in zip(platform.facts, texts, strict=True)}
    # Templates are regular expressions over whatever the device prints: not on the loop that polls the others.
    facts = await asyncio.to_thread(platform.read, printed)
    samples = [Sample(metrics.FACTS_READ, (), time.time())]
    if facts.uptime_s is not None:
        samples.append(Sample(metrics.DEVICE_UPTIME, (), facts.uptime_s))
    return Answer(samples, (proof(host_key), *facts.observations[:MOST_FACTS]))


async def typed(
    target: Target,
    settings: SshSettings,
    credential: Credential | None,
    doors: Doors,
    commands: list[tuple[str, ...]],
    *,
    fully: bool = False,
) -> tuple[str, tuple[str | None, ...]]:
    """Return what the device has proved and what it answered to commands, each given as ways to say the same.

    Args:
        target: The device.
        settings: How it is reached.
        credential: Its login.
        doors: The doors.
        commands: What is typed.
        fully: Whether the answers have to be those of a login with all rights.

    Raises:
        ProbeFailure: As `Ssh.ask`.
    """
    if target.address is None:
        raise ProbeFailure("settings", "address")
    jump = None
    if settings.jump_address is not None:
        if settings.jump_host_key is None:
            raise ProbeFailure("ssh_jump_key", settings.jump_address)
        jump = Jump(settings.jump_address, settings.jump_port, settings.jump_host_key)
    platform: Platform = PLATFORMS[settings.platform]
    door: Ssh = doors.ssh
    way = Way(target.instance, target.address, settings.port, settings.host_key, jump)
    refused = platform.refused
    answered = await door.ask(
        way,
        credential,
        Typed(
            platform.driver,
            commands,
            lambda text: refused.search(text[:2_000]) is not None,
            raising=platform.raising,
            fully=fully,
            declined=platform.declined,
            insisting=settings.again,
        ),
        target.timeout_s,
    )
    return answered.host_key, answered.texts


def proof(host_key: str) -> Observation:
    """Return the fact that the device has proved to hold a key."""
    return Observation("host_key", "ssh", host_key)


PROBE: Final = Probe(
    kind="ssh_facts",
    title=Text(vi="Thông tin thiết bị (SSH)", en="Device facts (SSH)"),
    job="network",
    run=run,
    settings=SshSettings,
    needs=("ssh",),
    interval_s=21_600.0,
    timeout_s=60.0,
    metrics=(metrics.FACTS_READ, metrics.DEVICE_UPTIME),
)
