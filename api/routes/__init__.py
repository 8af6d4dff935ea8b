"""The table of the API's routes: every module of this folder stands in it."""

from typing import Final

from fastapi import APIRouter

from api.routes import (
    alertmanager,
    budgets,
    changes,
    collectors,
    custody,
    discovery,
    exports,
    findings,
    follow_ups,
    health,
    imports,
    incidents,
    metrics,
    nouns,
    openapi,
    reorganisations,
    session,
    stocktakes,
    tokens,
    wear,
    wear_closings,
    wear_rules,
    wear_sheets,
)

ROUTERS: Final[tuple[APIRouter, ...]] = (
    health.ROUTER,
    metrics.ROUTER,
    openapi.ROUTER,
    session.ROUTER,
    tokens.ROUTER,
    changes.ROUTER,
    collectors.ROUTER,
    discovery.ROUTER,
    alertmanager.ROUTER,
    incidents.ROUTER,
    findings.ROUTER,
    stocktakes.ROUTER,
    follow_ups.ROUTER,
    budgets.ROUTER,
    imports.ROUTER,
    exports.ROUTER,
    custody.ROUTER,
    reorganisations.ROUTER,
    wear_sheets.ROUTER,
    wear_closings.ROUTER,
    wear_rules.ROUTER,
    wear.ROUTER,
    # Last: `/api/v1/assets/{key:path}` would take the addresses of more special routes.
    *nouns.NOUN_ROUTERS,
)
