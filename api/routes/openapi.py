"""The description of the API for programs, behind the login: it tells how the place is built."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse

from api.http.auth import actor
from api.http.description import describe
from inventory.access.rights import Actor

ROUTER = APIRouter(tags=["description"])


@ROUTER.get("/api/v1/openapi.json", summary="This description", response_model=dict[str, Any])
def openapi(request: Request, _who: Annotated[Actor, Depends(actor)]) -> JSONResponse:
    """Return the OpenAPI 3.1 description of all routes."""
    return JSONResponse(describe(request.app))
