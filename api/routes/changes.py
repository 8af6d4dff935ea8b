"""The history: who changed what, when, before and after."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ConfigDict

from api.house import house_of
from api.http.auth import actor
from api.http.bodies import storable
from inventory.access.rights import Act, Actor, check
from inventory.changes import list_changes
from inventory.errors import FieldProblem, Invalid
from inventory.nouns import NOUNS
from inventory.text import Language, Text

ROUTER = APIRouter(prefix="/api/v1", tags=["changes"])


class ChangeRead(BaseModel):
    """One change of one object; secrets stand there as fingerprints."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    at: datetime
    actor: str
    noun: str
    key: str
    act: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None


class ChangeReadPage(BaseModel):
    """A page of changes, newest first."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "examples": [
                {
                    "items": [
                        {
                            "id": 7,
                            "at": "2026-03-02T02:15:00Z",
                            "actor": "an",
                            "noun": "sites",
                            "key": "viet-quang",
                            "act": "update",
                            "before": {"contact_phone": ""},
                            "after": {"contact_phone": "0219 3821 000"},
                        }
                    ],
                    "next_cursor": None,
                }
            ]
        },
    )

    items: list[ChangeRead]
    next_cursor: str | None


class Asked(BaseModel):
    """What the history is asked for; anything else is refused by name."""

    model_config = ConfigDict(extra="forbid")

    noun: Literal[tuple(NOUNS)] | None = None  # type: ignore[valid-type] # the table of nouns is the list of choices
    key: str | None = None
    by: str | None = None
    cursor: str = ""
    limit: int = 50
    lang: Language | None = None


@ROUTER.get("/changes", summary="List changes, newest first")
def changes(
    request: Request, asked: Annotated[Asked, Query()], who: Annotated[Actor, Depends(actor)]
) -> ChangeReadPage:
    """List changes of all nouns, of one, or of one object (`?noun=devices&key=core`), or by one person (`?by=an`)."""
    for name in ("key", "by"):
        if not storable(getattr(asked, name) or ""):
            raise Invalid([FieldProblem(name, "bad_character", _BAD_CHARACTER)])
    table = None
    if asked.noun is not None:
        check(who, Act.READ, asked.noun)
        table = str(NOUNS[asked.noun].table.__tablename__)
    found = list_changes(
        house_of(request).books,
        who,
        table=table,
        key=asked.key,
        by=asked.by,
        cursor=asked.cursor,
        limit=asked.limit,
    )
    return ChangeReadPage.model_validate(found)


_BAD_CHARACTER = Text(vi="Có ký tự không lưu được.", en="There is a character that cannot be stored.")
