"""Every noun that the register keeps, by its word in addresses."""

from collections.abc import Mapping
from typing import Final

from inventory.access import accounts
from inventory.access.accounts import Account, Token
from inventory.access.rights import Act
from inventory.assets import catalogue, documents
from inventory.assets.asset_noun import ASSETS
from inventory.assets.assets import Asset
from inventory.assets.catalogue import Product
from inventory.assets.documents import Document, DocumentRead
from inventory.network import collectors, credentials, devices, findings, holdings, links, services, subnets
from inventory.network.collectors import Collector
from inventory.network.credentials import Credential
from inventory.network.devices import Device
from inventory.network.findings import Finding
from inventory.network.holdings import Holding
from inventory.network.links import Link
from inventory.network.services import Service
from inventory.network.subnets import Subnet
from inventory.noun import Noun, Reference
from inventory.places import providers, sites
from inventory.places.providers import Provider
from inventory.places.reorganisations import Reorganisation, ReorganisationRead
from inventory.places.sites import Site
from inventory.watch import incidents
from inventory.watch.incidents import Incident

_SITE: Final = Reference("site_id", Site)

SITES: Final = Noun(
    path="sites",
    table=Site,
    create=sites.SiteCreate,
    change=sites.SiteChange,
    read=sites.SiteRead,
    fixed=frozenset({"slug"}),
    references={"parent": Reference("parent_id", Site), "successor": Reference("successor_id", Site)},
    unique=("slug",),
    filters=("kind", "code", "fictional"),
    ranges=("valid_from", "valid_to"),
    sorts=("name", "code", "kind", "valid_from"),
    placed=True,
    parties=sites.parties,
    near=sites.CODES,
    examine=sites.examine,
)
PROVIDERS: Final = Noun(
    path="providers",
    table=Provider,
    create=providers.ProviderCreate,
    change=providers.ProviderChange,
    read=providers.ProviderRead,
    fixed=frozenset({"slug"}),
    unique=("slug",),
    filters=("is_carrier", "is_supplier", "fictional"),
    ranges=("contract_until",),
    sorts=("name", "contract_until"),
    examine=providers.examine,
)
PRODUCTS: Final = Noun(
    path="products",
    table=Product,
    create=catalogue.ProductCreate,
    change=catalogue.ProductChange,
    read=catalogue.ProductRead,
    fixed=frozenset({"slug"}),
    unique=("slug",),
    filters=("category", "manufacturer", "platform"),
    ranges=("end_of_support", "list_price_vnd"),
    sorts=("manufacturer", "model", "category"),
    near=catalogue.MODELS,
    examine=catalogue.examine,
)
DEVICES: Final = Noun(
    path="devices",
    table=Device,
    create=devices.DeviceCreate,
    change=devices.DeviceChange,
    read=devices.DeviceRead,
    fixed=frozenset({"name"}),
    references={
        "site": _SITE,
        "snmp_credential": Reference("snmp_credential_id", Credential),
        "ssh_credential": Reference("ssh_credential_id", Credential),
        "ssh_jump": Reference("ssh_jump_id", Device),
    },
    unique=("name",),
    filters=("category", "role", "platform", "address", "is_root", "is_anchor", "fictional"),
    sorts=("category", "address"),
    placed=True,
    parties=devices.parties,
    examine=devices.examine,
)
HOLDINGS: Final = Noun(
    path="holdings",
    table=Holding,
    create=holdings.HoldingCreate,
    change=holdings.HoldingChange,
    read=holdings.HoldingRead,
    fixed=frozenset({"device", "asset"}),
    references={"device": Reference("device_id", Device), "asset": Reference("asset_id", Asset)},
    ranges=("held_from", "held_to"),
    sorts=("held_from",),
    placed=True,
    parties=holdings.parties,
    near=holdings.SIDES,
    examine=holdings.examine,
)
LINKS: Final = Noun(
    path="links",
    table=Link,
    create=links.LinkCreate,
    change=links.LinkChange,
    read=links.LinkRead,
    fixed=frozenset({"name"}),
    references={
        "a_device": Reference("a_device_id", Device),
        "b_device": Reference("b_device_id", Device),
        "provider": Reference("provider_id", Provider),
    },
    unique=("name",),
    filters=("medium", "circuit", "fictional"),
    ranges=("contract_until", "monthly_cost_vnd", "bandwidth_bps"),
    sorts=("circuit", "contract_until", "monthly_cost_vnd"),
    placed=True,
    parties=links.parties,
    near=links.ENDS,
    examine=links.examine,
)
SERVICES: Final = Noun(
    path="services",
    table=Service,
    create=services.ServiceCreate,
    change=services.ServiceChange,
    read=services.ServiceRead,
    fixed=frozenset({"name"}),
    references={
        "site": _SITE,
        "host_device": Reference("host_device_id", Device),
        "credential": Reference("credential_id", Credential),
    },
    unique=("name",),
    filters=("kind", "fictional"),
    sorts=("kind",),
    placed=True,
    parties=services.parties,
    examine=services.examine,
)
CREDENTIALS: Final = Noun(
    path="credentials",
    table=Credential,
    create=credentials.CredentialCreate,
    change=credentials.CredentialChange,
    read=credentials.CredentialRead,
    fixed=frozenset({"name", "kind"}),
    unique=("name",),
    filters=("kind",),
    sorts=("kind",),
    show=credentials.show,
    examine=credentials.examine,
    secret=frozenset(credentials.SECRETS),
)
ACCOUNTS: Final = Noun(
    path="accounts",
    table=Account,
    create=accounts.AccountCreate,
    change=accounts.AccountChange,
    read=accounts.AccountRead,
    fixed=frozenset({"username"}),
    references={"site": _SITE},
    unique=("username",),
    filters=("role", "receives_alerts"),
    sorts=("name", "role", "last_login_at"),
    examine=accounts.examine,
    leave=accounts.leave,
    write=Act.ADMINISTER,
)
TOKENS: Final = Noun(
    path="tokens",
    table=Token,
    read=accounts.TokenRead,
    references={"account": Reference("account_id", Account)},
    filters=("collector_name",),
    ranges=("expires_at",),
    sorts=("expires_at", "last_used_at"),
    show=accounts.show_token,
    write=Act.ADMINISTER,
)
COLLECTORS: Final = Noun(
    path="collectors",
    table=Collector,
    create=collectors.CollectorCreate,
    change=collectors.CollectorChange,
    read=collectors.CollectorRead,
    fixed=frozenset({"name"}),
    unique=("name",),
    filters=("scope",),
    sorts=("scope", "seen_at"),
)
SUBNETS: Final = Noun(
    path="subnets",
    table=Subnet,
    create=subnets.SubnetCreate,
    change=subnets.SubnetChange,
    read=subnets.SubnetRead,
    fixed=frozenset({"name"}),
    references={"site": _SITE, "snmp_credential": Reference("snmp_credential_id", Credential)},
    unique=("name",),
    filters=("cidr", "scan", "fictional"),
    sorts=("cidr",),
    placed=True,
    parties=subnets.parties,
    examine=subnets.examine,
)
FINDINGS: Final = Noun(
    path="findings",
    table=Finding,
    read=findings.FindingRead,
    references={
        "site": _SITE,
        "before_site": Reference("before_site_id", Site),
        "asset": Reference("asset_id", Asset),
    },
    filters=("mac", "address", "state", "switch", "serial"),
    ranges=("first_seen", "last_seen", "moved_at"),
    sorts=("first_seen", "last_seen", "moved_at", "address"),
    placed=True,
    parties=findings.parties,
    retires=False,
)
INCIDENTS: Final = Noun(
    path="incidents",
    table=Incident,
    read=incidents.IncidentRead,
    references={"site": _SITE, "other_site": Reference("other_site_id", Site)},
    filters=("rule", "element", "severity", "state", "acknowledged_by", "reconstructed"),
    ranges=("opened_at", "resolved_at"),
    sorts=("opened_at", "resolved_at", "severity", "state", "rule", "element"),
    placed=True,
    retires=False,
)
DOCUMENTS: Final = Noun(
    path="documents",
    table=Document,
    read=DocumentRead,
    references={
        "site": _SITE,
        "to_site": Reference("to_site_id", Site),
        "standing_site": Reference("standing_site_id", Site),
        "reverses": Reference("reverses_id", Document),
        "reversed_by": Reference("reversed_by_id", Document),
    },
    filters=("kind", "from_name", "to_name"),
    ranges=("day", "cost_vnd"),
    sorts=("day", "kind", "cost_vnd"),
    placed=True,
    parties=documents.parties,
    retires=False,
)
REORGANISATIONS: Final = Noun(
    path="reorganisations",
    table=Reorganisation,
    read=ReorganisationRead,
    ranges=("day",),
    sorts=("day",),
    write=Act.ADMINISTER,
    retires=False,
)

NOUNS: Final[Mapping[str, Noun]] = {
    noun.path: noun
    for noun in (
        SITES, PROVIDERS, PRODUCTS, ASSETS, DEVICES, HOLDINGS, LINKS, SERVICES, CREDENTIALS, ACCOUNTS, TOKENS,
        COLLECTORS, SUBNETS, FINDINGS, INCIDENTS, DOCUMENTS, REORGANISATIONS,
    )
}  # fmt: skip
"""Every noun by its path; findings, incidents, documents and reorganisations are only read here, tokens only read and
retired."""
