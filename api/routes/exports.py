"""Exports: what the reader may see of a noun, as a file that imports back unchanged."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from api.house import house_of
from api.http.auth import actor
from api.http.problems import reader_language
from inventory.access.rights import Actor
from inventory.exporting import MEDIA_TYPES, Format, export, exportable
from inventory.noun import Noun
from inventory.nouns import NOUNS
from inventory.text import Language

ROUTER: Final = APIRouter(prefix="/api/v1/exports", tags=["exports"])


class Asked(BaseModel):
    """What is exported; anything else is refused by name."""

    model_config = ConfigDict(extra="forbid")

    format: Format = Field(default=Format.XLSX, description="Kind of the file.")
    lang: Language | None = None


def _add(noun: Noun) -> None:
    @ROUTER.get(
        f"/{noun.path}",
        summary=f"Export to a file: {noun.table.NOUN.en}",
        response_class=Response,
        responses={200: _FILE},
        name=f"export_{noun.path}",
    )
    def give(request: Request, asked: Annotated[Asked, Query()], who: Annotated[Actor, Depends(actor)]) -> Response:
        books = house_of(request).books
        pieces = export(books, who, noun, asked.format, reader_language(request))
        name = f"{noun.path}-{books.today().isoformat()}.{asked.format.value}"
        return Response(
            b"".join(pieces),
            media_type=MEDIA_TYPES[asked.format],
            headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
        )


_FILE: Final[dict[str, Any]] = {
    "description": "The file.",
    "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in MEDIA_TYPES.values()},
}

for _noun in NOUNS.values():
    if exportable(_noun):
        _add(_noun)
