"""Every table of the books, by name: what the migrations compare with the database."""

from typing import Final

from sqlmodel import SQLModel

import inventory.network.doubts  # noqa: F401 - listens to what is written to these tables
from inventory.access.accounts import Account, LoginSession, Token
from inventory.access.attempts import SignInFailure
from inventory.assets.assets import Asset
from inventory.assets.catalogue import Product
from inventory.assets.confirmations import RulebookConfirmation
from inventory.assets.documents import Document, DocumentItem, DocumentSite
from inventory.assets.wear_facts import WearFact
from inventory.assets.wear_years import WearClosing, WearYear
from inventory.audit.budget import BudgetLine, BudgetPlan
from inventory.audit.stocktake import (
    CountDecision,
    CountEntry,
    CountFollowUp,
    ExpectedLine,
    Stocktake,
    StocktakeSite,
)
from inventory.columns import Booked
from inventory.history import ChainHead, Change, ChangeSite
from inventory.mapping import ImportMapping
from inventory.network.collectors import Collector, SiteLease
from inventory.network.credentials import Credential
from inventory.network.devices import Device
from inventory.network.findings import Finding
from inventory.network.holdings import Holding
from inventory.network.links import Link
from inventory.network.observations import Observation, Transition
from inventory.network.services import Service
from inventory.network.subnets import Subnet
from inventory.places.providers import Provider
from inventory.places.reorganisations import Reorganisation, ReorganisationMove
from inventory.places.sites import Site
from inventory.replays import Replay
from inventory.watch.incidents import Incident, IncidentEvent
from inventory.watch.outbox import OutboxMessage

TABLES: Final[tuple[type[SQLModel], ...]] = (
    Account,
    Asset,
    BudgetLine,
    BudgetPlan,
    ChainHead,
    Change,
    ChangeSite,
    Collector,
    CountDecision,
    CountEntry,
    CountFollowUp,
    Credential,
    Device,
    Document,
    DocumentItem,
    DocumentSite,
    ExpectedLine,
    Finding,
    Holding,
    ImportMapping,
    Incident,
    IncidentEvent,
    Link,
    LoginSession,
    Observation,
    OutboxMessage,
    Product,
    Provider,
    Reorganisation,
    ReorganisationMove,
    Replay,
    RulebookConfirmation,
    Service,
    SignInFailure,
    Site,
    SiteLease,
    Stocktake,
    StocktakeSite,
    Subnet,
    Token,
    Transition,
    WearClosing,
    WearFact,
    WearYear,
)

BOOKED: Final[tuple[type[Booked], ...]] = tuple(table for table in TABLES if issubclass(table, Booked))
"""The tables of nouns that the history keeps."""
