"""Which probe asks a service of the books, and with what parameters."""

from typing import Any, Final

from inventory.network.services import Service, ServiceKind

Settings = dict[str, Any]

_SMTP: Final = {25: "none", 465: "tls", 587: "starttls"}
_IMAP: Final = {143: "none", 993: "tls"}
_SIP: Final = {5060: "udp", 5061: "tls"}
H323_PORT: Final = 1720


def asked_of(service: Service) -> tuple[str, Settings]:
    """Return the kind of probe and its parameters; what speaks an unknown protocol is asked for a connection alone.

    The port tells how a mail server or a conference terminal is to be spoken to, as IANA assigns them.
    """
    place = {"host": service.host, "port": service.port}
    if service.kind == ServiceKind.WEBSITE:
        return "http", {"url": service.url} | ({"contains": service.expect} if service.expect else {})
    if service.kind == ServiceKind.NAME_SERVER:
        return "dns", place
    if service.kind == ServiceKind.TIME_SERVER:
        return "ntp", place
    if service.kind == ServiceKind.MAIL:
        return _mail(service.port, place)
    if service.kind == ServiceKind.VIDEO_CONFERENCE:
        return _conference(service.port, place)
    return "tcp", place


def _mail(port: int | None, place: Settings) -> tuple[str, Settings]:
    for probe, ports in (("smtp", _SMTP), ("imap", _IMAP)):
        if port in ports:
            return probe, place | {"security": ports[port]}
    return "tcp", place


def _conference(port: int | None, place: Settings) -> tuple[str, Settings]:
    if port in _SIP:
        return "sip", place | {"transport": _SIP[port]}
    return ("h323" if port == H323_PORT else "tcp"), place
