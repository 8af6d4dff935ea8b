"""The table of pages: every module of this folder stands in it."""

from typing import Final

from fastapi import APIRouter

from api.pages import (
    accounts,
    assets,
    budgets,
    charts,
    checks,
    configurations,
    counting,
    credentials,
    devices,
    documents,
    edits,
    exports,
    help,  # noqa: A004 - a page is named for its noun
    home,
    imports,
    incidents,
    labels,
    links,
    login,
    minutes,
    preferences,
    providers,
    reorganisations,
    search,
    services,
    settings,
    settlements,
    sites,
    stocktakes,
    wizard,
)

PAGES: Final[tuple[APIRouter, ...]] = (
    login.ROUTER,
    preferences.ROUTER,
    # Before the forms of the other nouns: a tag may hold slashes, and an asset's form is made of its category.
    assets.ROUTER,
    documents.ROUTER,
    labels.ROUTER,
    imports.ROUTER,
    exports.ROUTER,
    reorganisations.ROUTER,
    # Before the pages of single objects: "new" is no object's name.
    edits.ROUTER,
    home.ROUTER,
    incidents.ROUTER,
    sites.ROUTER,
    links.ROUTER,
    devices.ROUTER,
    configurations.ROUTER,
    services.ROUTER,
    providers.ROUTER,
    credentials.ROUTER,
    # Before the single campaign, whose steps are named by the last word of their address.
    counting.ROUTER,
    minutes.ROUTER,
    stocktakes.ROUTER,
    settlements.ROUTER,
    budgets.ROUTER,
    wizard.ROUTER,
    accounts.ROUTER,
    settings.ROUTER,
    charts.ROUTER,
    checks.ROUTER,
    search.ROUTER,
    help.ROUTER,
)
