"""The door to pysnmp: the only file that imports it. It decodes traps and informs of SNMP v1, v2c and v3.

Only the library's decoder and its user-based security are used, on packets that are handed in; it opens no socket. The
sender of a v3 trap is authoritative for its own clock, so a user's keys are derived for each sender's engine when it is
first heard, and dropped at once if the message turns out not to be authentic (RFC 3414, section 3.2).
"""

import hashlib
import logging
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from pyasn1.codec.ber import decoder, encoder
from pysnmp.carrier.base import AbstractTransportDispatcher
from pysnmp.entity import config
from pysnmp.entity.engine import SnmpEngine
from pysnmp.entity.rfc3413.ntfrcv import NotificationReceiver
from pysnmp.proto import api

from collector.target import SnmpV2c, SnmpV3
from collector.traps.envelope import Envelope, Version, open_envelope
from collector.traps.gate import Bucket

log = logging.getLogger(__name__)

KINDS: Final = {
    "1.3.6.1.6.3.1.1.5.1": "cold_start",
    "1.3.6.1.6.3.1.1.5.2": "warm_start",
    "1.3.6.1.6.3.1.1.5.3": "link_down",
    "1.3.6.1.6.3.1.1.5.4": "link_up",
    "1.3.6.1.6.3.1.1.5.5": "authentication_failure",
}
"""snmpTrapOID of the notifications that cause a poll (SNMPv2-MIB, RFC 3418; IF-MIB, RFC 2863), in the order of their
generic-trap numbers in SNMPv1, 0 to 4 (RFC 3584, section 3.1)."""

ENGINES_MOST: Final = 4_000
"""Engines of senders whose keys are kept for one user; the one that was silent longest is forgotten first."""

NEW_PER_S: Final = 2.0
"""Unknown engines for which keys are made each second in the long run: that costs twenty milliseconds."""

NEW_BURST: Final = 100.0
"""Unknown engines at once: all devices of a district speak up after the collector was started."""

FAILURES_MOST: Final = 2_000
"""The library keeps a little of each message that fails; after so many its engine is made anew."""

_GENERIC: Final = tuple(KINDS.values())
_TRAP_OID: Final = (1, 3, 6, 1, 6, 3, 1, 1, 4, 1, 0)
_SINCE: Final = 1_577_836_800
"""1 January 2020: what the engine's boots are counted from, so that they grow with each start without a file."""

_LEVEL: Final = 4
"""Where the security level stands among the arguments of the library's `process_pdu`."""

_UDP: Final = (1, 3, 6, 1, 6, 1, 1)
_AUTH: Final = {
    "none": config.USM_AUTH_NONE, "md5": config.USM_AUTH_HMAC96_MD5, "sha1": config.USM_AUTH_HMAC96_SHA,
    "sha224": config.USM_AUTH_HMAC128_SHA224, "sha256": config.USM_AUTH_HMAC192_SHA256,
    "sha384": config.USM_AUTH_HMAC256_SHA384, "sha512": config.USM_AUTH_HMAC384_SHA512,
}  # fmt: skip
_PRIV: Final = {"none": config.USM_PRIV_NONE, "des": config.USM_PRIV_CBC56_DES, "aes128": config.USM_PRIV_CFB128_AES}
_COUNTERS: Final = (
    ("usmStatsWrongDigests", "wrong_credential"),
    ("usmStatsUnknownUserNames", "wrong_credential"),
    ("usmStatsUnsupportedSecLevels", "wrong_credential"),
    ("usmStatsDecryptionErrors", "wrong_credential"),
    ("usmStatsNotInTimeWindows", "out_of_time"),
    ("usmStatsUnknownEngineIDs", "unknown_engine"),
)
"""Counters of RFC 3414 that say why the library did not take a message."""


class Dropped(Exception):
    """A notification that is not taken.

    Attributes:
        reason: `malformed`, `wrong_credential`, `unknown_engine`, `out_of_time`, `no_notification`, or `discovery`
            for the question with which an inform begins.
        reply: What is answered nevertheless (a v3 report), or nothing.
    """

    def __init__(self, reason: str, reply: bytes = b"") -> None:
        super().__init__(reason)
        self.reason, self.reply = reason, reply


@dataclass(frozen=True, slots=True)
class Notice:
    """A notification that was taken.

    Attributes:
        version: Of SNMP.
        kind: A value of `KINDS`, or `other`.
        reply: The acknowledgement of an inform; empty for a trap.
    """

    version: Version
    kind: str
    reply: bytes = b""


class Decoder:
    """Decodes notifications with the credentials of their senders."""

    def __init__(self, name: str) -> None:
        """Prepare nothing yet: engines are made when a v3 message comes.

        Args:
            name: Of the collector; its engine's identity is made of it, so that it survives a restart.
        """
        # RFC 3411, section 5: the library's enterprise number, then format 5 (octets).
        self._engine_id = bytes.fromhex("80004fb805") + hashlib.sha256(name.encode()).digest()[:8]
        self._users: dict[SnmpV3, _User] = {}
        self._new = Bucket(NEW_PER_S, NEW_BURST)

    def read(self, packet: bytes, credentials: Sequence[SnmpV2c | SnmpV3]) -> Notice:
        """Return what a message says.

        Args:
            packet: The whole datagram.
            credentials: Those of its sender; any of them may have been used.

        Raises:
            Dropped: It is not taken.
        """
        try:
            return self._read(packet, credentials)
        except Dropped:
            raise
        except Exception:  # noqa: BLE001 - the library raises whatever it stumbles over: such a packet is not well formed
            raise Dropped("malformed") from None

    def _read(self, packet: bytes, credentials: Sequence[SnmpV2c | SnmpV3]) -> Notice:
        envelope = open_envelope(packet)
        if envelope.version == "v3":
            return self._user_based(packet, envelope, credentials)
        if not any(_same_community(envelope, one) for one in credentials):
            raise Dropped("wrong_credential")
        return _community_based(packet, envelope.version)

    def _user_based(self, packet: bytes, envelope: Envelope, credentials: Sequence[SnmpV2c | SnmpV3]) -> Notice:
        users = [one for one in credentials if isinstance(one, SnmpV3)]
        if envelope.user:
            users = [one for one in users if one.user.encode() == envelope.user]
        if not users:
            raise Dropped("wrong_credential")
        refusal = Dropped("wrong_credential")
        for credential in users:
            user = self._users.get(credential)
            if user is None or user.failures > FAILURES_MOST:
                user = self._users[credential] = _User(self._engine_id, credential)
            if not user.knows(envelope.engine) and not self._new.take(time.monotonic()):
                refusal = Dropped("unknown_engine")
                continue
            try:
                return user.read(packet, envelope)
            except Dropped as dropped:
                refusal = dropped
        raise refusal

    def forget(self, credentials: Sequence[SnmpV3]) -> None:
        """Forget the keys of all users but these."""
        kept = frozenset(credentials)
        self._users = {one: user for one, user in self._users.items() if one in kept}


def _same_community(envelope: Envelope, credential: SnmpV2c | SnmpV3) -> bool:
    if not isinstance(credential, SnmpV2c):
        return False
    return credential.community.get_secret_value().encode() == envelope.community


def _community_based(packet: bytes, version: Version) -> Notice:
    """Decode v1 and v2c; the answer to an inform is the same message as a response (RFC 3416, section 4.2.7)."""
    module = api.PROTOCOL_MODULES[api.SNMP_VERSION_1 if version == "v1" else api.SNMP_VERSION_2C]
    message, rest = decoder.decode(packet, asn1Spec=module.Message())
    if rest:
        raise Dropped("malformed")
    pdu = module.apiMessage.get_pdu(message)
    if version == "v1":
        if not pdu.isSameTypeWith(module.TrapPDU()):
            raise Dropped("no_notification")
        generic = int(module.apiTrapPDU.get_generic_trap(pdu))
        return Notice(version, _GENERIC[generic] if 0 <= generic < len(_GENERIC) else "other")
    if pdu.isSameTypeWith(module.SNMPv2TrapPDU()):
        return Notice(version, _kind(module.apiPDU.get_varbinds(pdu)))
    if not pdu.isSameTypeWith(module.InformRequestPDU()):
        raise Dropped("no_notification")
    kind = _kind(module.apiPDU.get_varbinds(pdu))
    answer = module.apiMessage.get_response(message)
    module.apiPDU.set_varbinds(module.apiMessage.get_pdu(answer), module.apiPDU.get_varbinds(pdu))
    return Notice(version, kind, encoder.encode(answer))


def _kind(bindings: Any) -> str:  # noqa: ANN401 - the library's pairs
    for name, value in bindings:
        if tuple(name) == _TRAP_OID:
            return KINDS.get(".".join(map(str, tuple(value))), "other")
    raise Dropped("malformed")


class _Wire(AbstractTransportDispatcher):  # type: ignore[misc] # the library has no types
    """Takes what the library wants to send."""

    def __init__(self) -> None:
        super().__init__()
        self.sent = b""

    def send_message(self, message: bytes, _domain: object, _address: object) -> None:
        self.sent = bytes(message)


class _Taker(NotificationReceiver):  # type: ignore[misc] # the library has no types
    """Takes notifications of the security level that the user's credential asks for, and no lower one."""

    def __init__(self, engine: SnmpEngine, level: int) -> None:
        super().__init__(engine, self._take)
        self._level = level
        self.bindings: Any = None

    def process_pdu(
        self, engine: SnmpEngine, model: int, security: int, name: object, level: int, *rest: object
    ) -> None:
        """Answer and take a notification, unless it comes with less security than is booked."""
        if int(level) >= self._level:
            super().process_pdu(engine, model, security, name, level, *rest)

    def _take(self, _engine: object, _state: object, _context: object, _name: object, *said: object) -> None:
        self.bindings = said[0]


class _User:
    """One user: the library's engine, and the keys for each sender that was heard.

    Attributes:
        failures: Messages that were not taken.
    """

    def __init__(self, engine_id: bytes, credential: SnmpV3) -> None:
        self._credential = credential
        self._engine = SnmpEngine()
        self._set_identity(engine_id)
        self._own = engine_id
        self._wire = _Wire()
        self._engine.register_transport_dispatcher(self._wire)
        level = 3 if credential.priv != "none" else 2 if credential.auth != "none" else 1
        self._taker = _Taker(self._engine, level)
        self._heard: OrderedDict[bytes, None] = OrderedDict()
        self._masters = self._master_keys()
        self._add(engine_id)
        self.failures = 0

    def knows(self, engine: bytes) -> bool:
        """Return whether there are keys for an engine: a sender that was heard, or our own, which informs name."""
        return not engine or engine == self._own or engine in self._heard

    def read(self, packet: bytes, envelope: Envelope) -> Notice:
        """Return what a message says.

        Raises:
            Dropped: It is not taken.
        """
        new = not self.knows(envelope.engine)
        if new:
            self._add(envelope.engine)
        before = self._counted()
        self._wire.sent, self._taker.bindings = b"", None
        try:
            self._wire.handle_timer_tick(time.time())
            self._engine.message_dispatcher.receive_message(self._engine, _UDP, ("", 0), packet)
        finally:
            taken = self._taker.bindings is not None
            if envelope.engine and envelope.engine != self._own:
                self._settle(envelope.engine, taken=taken, new=new)
        if not taken:
            self.failures += 1
            raise Dropped(self._why(before, envelope), self._wire.sent)
        return Notice("v3", _kind(self._taker.bindings), self._wire.sent)

    def _settle(self, engine: bytes, *, taken: bool, new: bool) -> None:
        """Keep the keys of a sender that proved authentic; forget those made for one that did not."""
        if taken:
            self._heard[engine] = None
            self._heard.move_to_end(engine)
            if len(self._heard) > ENGINES_MOST:
                config.delete_v3_user(self._engine, self._credential.user, self._heard.popitem(last=False)[0])
        elif new:
            config.delete_v3_user(self._engine, self._credential.user, engine)

    def _why(self, before: list[int], envelope: Envelope) -> str:
        for (_, reason), then, now in zip(_COUNTERS, before, self._counted(), strict=True):
            if now > then:
                # The first message of an inform asks for our engine's identity: that is how it should be.
                return "discovery" if reason == "unknown_engine" and not envelope.engine else reason
        return "wrong_credential"

    def _counted(self) -> list[int]:
        symbols = self._engine.get_mib_builder().import_symbols(
            "__SNMP-USER-BASED-SM-MIB", *(name for name, _ in _COUNTERS)
        )
        return [int(symbol.syntax) for symbol in symbols]

    def _set_identity(self, engine_id: bytes) -> None:
        """Give the engine a lasting identity and boots that grow, without the library's file in a folder of all."""
        builder = self._engine.get_mib_builder()
        identity, boots = builder.import_symbols("__SNMP-FRAMEWORK-MIB", "snmpEngineID", "snmpEngineBoots")
        identity.syntax = identity.syntax.clone(engine_id)
        self._engine.snmpEngineID = identity.syntax
        boots.syntax = boots.syntax.clone(max(1, min(2**31 - 2, int(time.time()) - _SINCE)))

    def _master_keys(self) -> tuple[bytes | None, bytes | None]:
        """Return the user's keys before they are made for an engine: a million octets are hashed for each."""
        said = self._credential
        service = config.AUTH_SERVICES[_AUTH[said.auth]]
        auth = priv = None
        if said.auth != "none" and said.auth_pass is not None:
            auth = bytes(service.hash_passphrase(said.auth_pass.get_secret_value().encode()))
        if said.priv != "none" and said.priv_pass is not None:
            priv = bytes(service.hash_passphrase(said.priv_pass.get_secret_value().encode()))
        return auth, priv

    def _add(self, engine_id: bytes) -> None:
        auth, priv = self._masters
        config.add_v3_user(
            self._engine,
            self._credential.user,
            _AUTH[self._credential.auth] if auth else config.USM_AUTH_NONE,
            auth,
            _PRIV[self._credential.priv] if priv else config.USM_PRIV_NONE,
            priv,
            securityEngineId=engine_id,
            authKeyType=config.USM_KEY_TYPE_MASTER,
            privKeyType=config.USM_KEY_TYPE_MASTER,
        )
