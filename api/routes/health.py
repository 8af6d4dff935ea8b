"""Whether the API lives, for supervisors, and whether it can work, for those who may know."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel
from sqlalchemy import text

from api.house import house_of
from api.http.auth import actor
from inventory.access.rights import Actor
from inventory.db import reading

ROUTER = APIRouter(tags=["health"])


class Health(BaseModel):
    """A sign of life."""

    status: str = "ok"


@ROUTER.get("/healthz", summary="Whether the API lives")
async def healthz() -> Health:
    """Answer at once, without asking the database: the process lives and its loop turns. Open to everybody."""
    return Health()


@ROUTER.get("/readyz", summary="Whether the API can work")
def readyz(request: Request, _who: Annotated[Actor, Depends(actor)]) -> Health:
    """Answer once the database did; 503 with the reason if it does not."""
    house = house_of(request)
    house.require_ready()
    with reading(house.books.engine) as session:
        session.execute(text("SELECT 1"))
    return Health()
