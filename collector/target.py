"""The roster: what a collector polls, as the API serves it, checked field by field.

The roster is the only contract between the books and the collector. It is plain JSON, bounded, and rejects unknown
keys, so a collector of another version reports what it does not understand instead of guessing.
"""

from datetime import datetime
from ipaddress import ip_address
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, FailFast, Field, SecretStr

Slug = Annotated[str, Field(pattern=r"^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$")]
"""A stable name: lower-case letters, digits, dot, dash, underscore; 1 to 64 characters."""


def _literal_address(value: str) -> str:
    return str(ip_address(value))


Address = Annotated[str, AfterValidator(_literal_address)]
"""An IPv4 or IPv6 address in its canonical form; never a name."""


class Strict(BaseModel):
    """Base of every roster part: immutable, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class SnmpV2c(Strict):
    """SNMP v2c credential."""

    kind: Literal["snmp_v2c"] = "snmp_v2c"
    community: SecretStr


class SnmpV3(Strict):
    """SNMP v3 credential (RFC 3414, RFC 7860). Keys are pass phrases; Master keys are derived and cached."""

    kind: Literal["snmp_v3"] = "snmp_v3"
    user: Annotated[str, Field(min_length=1, max_length=32)]
    auth: Literal["none", "sha1", "sha224", "sha256", "sha384", "sha512", "md5"] = "none"
    auth_pass: SecretStr | None = None
    priv: Literal["none", "aes128", "des"] = "none"
    priv_pass: SecretStr | None = None


class HttpLogin(Strict):
    """HTTP basic or bearer credential."""

    kind: Literal["http"] = "http"
    user: str | None = None
    password: SecretStr | None = None
    bearer: SecretStr | None = None


class SshLogin(Strict):
    """SSH credential.

    Attributes:
        enable_secret: What a device asks for before it gives a login more rights (`enable`, `super`).
    """

    kind: Literal["ssh"] = "ssh"
    user: Annotated[str, Field(min_length=1, max_length=64)]
    password: SecretStr | None = None
    private_key: SecretStr | None = None
    enable_secret: SecretStr | None = None


class SnmpSeveral(Strict):
    """SNMP credentials that are tried in their order on what is not in the books."""

    kind: Literal["snmp_several"] = "snmp_several"
    of: Annotated[
        tuple[Annotated[SnmpV2c | SnmpV3, Field(discriminator="kind")], ...], Field(min_length=1, max_length=8)
    ]


Credential = Annotated[SnmpV2c | SnmpV3 | HttpLogin | SshLogin | SnmpSeveral, Field(discriminator="kind")]


class Target(Strict):
    """One probe of one thing.

    Attributes:
        instance: Label `instance`: the stable name of the device or service.
        site: Label `site`: the immutable slug of the place.
        probe: A key of `collector.probes.PROBES`.
        address: IP address for device probes; `None` where `settings` carries a URL or host name.
        credential: Name of a credential of the roster, if the probe needs one.
        interval_s: Seconds between two polls, 1 to 86,400.
        timeout_s: The deadline of one poll in seconds; always less than an hour.
        settings: The probe's own parameters; validated by the probe's settings model when the roster is read.
    """

    instance: Slug
    site: Slug
    probe: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
    address: Address | None = None
    credential: Slug | None = None
    interval_s: Annotated[float, Field(ge=1, le=86_400)]
    timeout_s: Annotated[float, Field(gt=0, lt=3_600)]
    settings: dict[str, Any] = Field(default_factory=dict)

    @property
    def key(self) -> tuple[str, str]:
        """Return what identifies the target inside a roster: (instance, probe)."""
        return (self.instance, self.probe)


class LinkEnd(Strict):
    """One end of a link: where its state is read, if anywhere."""

    device: Slug
    interface: Annotated[str, Field(max_length=128)] | None = None
    kind: Literal["snmp", "ont", "media_converter"] = "snmp"


class Link(Strict):
    """A link of the graph. `ends` is always two; `bandwidth_bps` is the contracted bit/s, 0 if unknown."""

    name: Slug
    ends: Annotated[tuple[LinkEnd, LinkEnd], Field()]
    bandwidth_bps: Annotated[int, Field(ge=0)] = 0


class Node(Strict):
    """A device of the graph. `monitored` is whether any probe of it can say that it is down."""

    name: Slug
    site: Slug
    monitored: bool = True


class Hosted(Strict):
    """A service and what it stands on.

    Attributes:
        element: `device:NAME`, or `site:SLUG` where nobody knows the device.
    """

    name: Slug
    site: Slug
    element: Annotated[str, Field(pattern=r"^(device|site):[a-z0-9._-]{1,64}$")]


class Graph(Strict):
    """The network as the books know it, for suppression: who reaches the scope's root through what.

    Attributes:
        roots: Devices that count as reachable by definition (the scope's gateway).
        anchors: Devices whose answer shows that the collector itself is connected.
        services: What each service stands on.
    """

    nodes: tuple[Node, ...] = ()
    links: tuple[Link, ...] = ()
    roots: tuple[Slug, ...] = ()
    anchors: tuple[Slug, ...] = ()
    services: tuple[Hosted, ...] = ()


class Lease(Strict):
    """A site that this collector may poll and expose until `until` (aware UTC)."""

    site: Slug
    until: datetime


class Roster(Strict):
    """Everything that one collector needs to work on its own.

    Attributes:
        scope: Name of the scope that the collector serves.
        collector: Name of the collector.
        leases: The sites leased to it now.
        targets: The probes of the leased sites, at most 200,000.
        credentials: By name; only those that the targets use.
        graph: The whole scope's graph, not only the leased sites'.
    """

    scope: Slug
    collector: Slug
    leases: tuple[Lease, ...] = ()
    targets: Annotated[tuple[Target, ...], FailFast(), Field(max_length=200_000)] = ()
    credentials: dict[str, Credential] = Field(default_factory=dict)
    graph: Graph = Graph()
