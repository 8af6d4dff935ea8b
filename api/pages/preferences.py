"""A reader's own choices, kept in the browser: language and colours."""

from typing import Final, Literal

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from api.views.i18n import COOKIE
from api.views.rendering import THEME_COOKIE, local_path, remember
from inventory.text import Language

ROUTER: Final = APIRouter(include_in_schema=False)


@ROUTER.get("/language/{language}")
async def choose_language(request: Request, language: Language, next: str = "/") -> Response:  # noqa: A002 - the address says `next`
    """Read the pages in another language from now on."""
    response = RedirectResponse(local_path(next), 303)
    remember(response, request, COOKIE, language)
    return response


@ROUTER.get("/theme/{theme}")
async def choose_theme(request: Request, theme: Literal["light", "dark"], next: str = "/") -> Response:  # noqa: A002 - as above
    """See the pages on light or dark ground from now on."""
    response = RedirectResponse(local_path(next), 303)
    remember(response, request, THEME_COOKIE, theme)
    return response
