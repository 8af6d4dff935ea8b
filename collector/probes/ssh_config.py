"""The whole configuration of a device as its command line prints it, to be archived."""

import time
from typing import Final

from collector import metrics
from collector.platforms import PLATFORMS
from collector.probe import Answer, Configuration, Doors, Probe, ProbeFailure, Sample
from collector.probes.ssh_facts import SshSettings, proof, typed
from collector.shell.configs import LONGEST, MOST_PACKED, is_whole, lines_of, packed, tidy
from collector.target import Credential, Target
from inventory.text import Text


async def run(target: Target, settings: SshSettings, credential: Credential | None, doors: Doors) -> Answer:
    """Log in and print the configuration.

    Raises:
        ProbeFailure: As `Ssh.ask`; or the login may not read it, or it came in incomplete or too long.
    """
    platform = PLATFORMS[settings.platform]
    host_key, texts = await typed(target, settings, credential, doors, [platform.config], fully=True)
    if texts[0] is None:
        raise ProbeFailure("ssh_refused", platform.config[-1])
    text = tidy(texts[0])
    if len(text) > LONGEST or len(packed(text)) > MOST_PACKED:
        raise ProbeFailure("ssh_too_long", str(len(text)))
    if not is_whole(platform, text):
        raise ProbeFailure("ssh_incomplete")
    samples = (
        Sample(metrics.CONFIG_READ, (), time.time()),
        Sample(metrics.CONFIG_LINES, (), len(lines_of(platform, text))),
    )
    return Answer(samples, (proof(host_key),), Configuration(platform.name, text))


PROBE: Final = Probe(
    kind="ssh_config",
    title=Text(vi="Sao lưu cấu hình (SSH)", en="Copy of the configuration (SSH)"),
    job="network",
    run=run,
    settings=SshSettings,
    needs=("ssh",),
    interval_s=21_600.0,
    timeout_s=120.0,
    metrics=(metrics.CONFIG_READ, metrics.CONFIG_LINES),
)
