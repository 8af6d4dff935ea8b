"""The application: routes, pages, duties and what stands around every request."""

import contextlib
import logging
from collections.abc import AsyncIterator
from importlib.metadata import version
from typing import Final

from anyio import create_task_group, sleep
from anyio.to_thread import run_sync
from fastapi import FastAPI

from api import duties
from api.house import House
from api.http import problems
from api.http.auth import Csrf, Gate
from api.http.frame import Frame
from api.http.headers import SecurityHeaders
from api.http.limits import BodyBounds, Deadline, HeadBounds
from api.pages import PAGES
from api.routes import ROUTERS
from api.settings import Settings
from api.views import static_files as assets
from api.views.rendering import problem_page
from inventory.access import hashing
from inventory.books import open_books
from inventory.errors import Unavailable

_LOG: Final = logging.getLogger(__name__)
_TRY_AGAIN_S: Final = 2.0


def create_app(settings: Settings) -> FastAPI:
    """Return the application. The database is asked only when it starts, and may be down then.

    Args:
        settings: The settings, `api.settings.load()`.

    Raises:
        inventory.keys.BadKey: The key file cannot be used.
    """
    house = House(settings=settings, books=open_books(settings.inventory))
    app = FastAPI(
        title="quang",
        summary="Fibre links, routers, services and hardware books of a rural district.",
        version=version("quang"),
        # Served by a route of ours, behind the login; the interactive page would load scripts from elsewhere.
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
        redirect_slashes=False,
    )
    app.state.house = house
    app.state.problem_page = problem_page
    problems.install(app)
    _surround(app, house)
    for router in (*ROUTERS, *PAGES):
        app.include_router(router)
    app.mount(assets.PREFIX, assets.Static())
    return app


def _surround(app: FastAPI, house: House) -> None:
    """Lay the layers around every request; the last one added is the outermost."""
    web = house.settings.web
    app.add_middleware(Csrf)
    app.add_middleware(BodyBounds, limit=web.body_limit_bytes)
    app.add_middleware(Gate)
    app.add_middleware(HeadBounds)
    app.add_middleware(Deadline, seconds=web.deadline_s)
    app.add_middleware(Frame, counts=house.counts)
    app.add_middleware(SecurityHeaders, tls=web.tls)


@contextlib.asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    house: House = app.state.house
    await run_sync(hashing.prepare)
    try:
        async with create_task_group() as group:
            if not await _opened(house):
                group.start_soon(_keep_opening, house)
            group.start_soon(duties.run, house)
            yield
            group.cancel_scope.cancel()
    finally:
        await run_sync(house.close)


async def _opened(house: House) -> bool:
    try:
        await run_sync(house.open)
    except Unavailable as error:
        _LOG.warning("%s %s", error.reason.en, error.first_step.en)
        return False
    house.ready = True
    return True


async def _keep_opening(house: House) -> None:
    # Meanwhile every request is answered 503 with the reason, and collectors go on by their cached rosters.
    while True:
        await sleep(_TRY_AGAIN_S)
        try:
            if await _opened(house):
                break
        except Exception:  # noqa: BLE001 - what has been tried in vain is tried again; nothing else ends with it
            _LOG.exception("the database cannot be brought to the shape of this version")
    _LOG.info("the database answers now")
