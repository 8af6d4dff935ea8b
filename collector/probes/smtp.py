"""Whether a mail server greets, speaks SMTP and presents a valid certificate."""

from typing import Annotated, Final

from pydantic import Field

from collector import metrics
from collector.probe import Answer, Doors, Probe, ProbeFailure
from collector.target import Credential, Target
from collector.wire.connection import Phases, connected, tls_context
from collector.wire.dialog import LINES_MAX, Dialog, TalkSettings, shown
from inventory.text import same


class SmtpSettings(TalkSettings):
    """Where the mail server is and how it is protected."""

    port: Annotated[int, Field(ge=1, le=65_535)] = 25
    """TCP port: 25, 587 for submission, 465 with TLS from the start."""


async def run(target: Target, settings: SmtpSettings, credential: Credential | None, doors: Doors) -> Answer:  # noqa: ARG001
    """Greet the server, begin TLS if asked for, and take leave (RFC 5321, RFC 3207). No mail is sent.

    Raises:
        ProbeFailure: No connection, no SMTP, a refusal, or no TLS where it is wanted.
    """
    host = settings.host_of(target)
    phases = Phases()
    tls = tls_context(settings.verify) if settings.security == "tls" else None
    async with connected(host, settings.port, phases, address=target.address, tls=tls) as connection:
        dialog = Dialog(connection)
        with phases.timed("greeting"):
            await _reply(dialog, "220")
        with phases.timed("talk"):
            abilities = await _hello(dialog)
        if settings.security == "starttls":
            await _begin_tls(dialog, abilities, host, settings.verify, phases)
        await dialog.say("QUIT")
    return Answer((*phases.samples("smtp"), *dialog.connection.expiry()))


async def _begin_tls(dialog: Dialog, abilities: set[str], host: str, verify: bool, phases: Phases) -> None:
    if "STARTTLS" not in abilities:
        raise ProbeFailure("starttls_missing", host)
    await dialog.say("STARTTLS")
    await _reply(dialog, "220")
    await dialog.secure(host, tls_context(verify), phases)
    # What was said before is not trusted: the server says once more who it is (RFC 3207, 4.2).
    with phases.timed("talk"):
        await _hello(dialog)


async def _hello(dialog: Dialog) -> set[str]:
    """Say EHLO with our own address as a literal (RFC 5321, 4.1.3) and return what the server can do."""
    own = dialog.connection.writer.get_extra_info("sockname")[0]
    literal = f"IPv6:{own}" if ":" in own else own
    await dialog.say(f"EHLO [{literal}]")
    return {words[0].upper() for line in (await _reply(dialog, "250"))[1:] if (words := line.split())}


async def _reply(dialog: Dialog, wanted: str) -> list[str]:
    """Return the texts of an answer of one or more lines.

    Raises:
        ProbeFailure: It is no answer, or one with another code.
    """
    texts: list[str] = []
    while len(texts) < LINES_MAX:
        line = await dialog.line()
        code, mark, text = line[:3], line[3:4], line[4:]
        if not (code.isascii() and code.isdigit() and len(code) == 3 and mark in {"", " ", "-"}):
            raise ProbeFailure("talk_garbled", shown(line))
        texts.append(text)
        if mark != "-":
            if code != wanted:
                raise ProbeFailure("mail_refused", shown(line))
            return texts
    raise ProbeFailure("talk_garbled", f"> {LINES_MAX}")


PROBE: Final = Probe(
    kind="smtp",
    title=same("SMTP"),
    job="services",
    run=run,
    settings=SmtpSettings,
    interval_s=60.0,
    timeout_s=15.0,
    metrics=(metrics.SERVICE_PHASE, metrics.SSL_EXPIRY),
)
