"""Imports: a file of rows goes into the books, all of it or nothing; a rehearsal tells all that is wrong."""

from typing import Annotated, Any, Final

from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from api.desk.spreadsheets import mapping_of
from api.house import house_of
from api.http.auth import actor
from api.http.problems import reader_language
from api.http.refusals import Malformed, Refused
from inventory.access.rights import Actor, check
from inventory.import_report import Report
from inventory.importing import Manner, import_
from inventory.mapping import importable
from inventory.noun import Noun
from inventory.nouns import NOUNS
from inventory.spreadsheet import read_sheet
from inventory.text import Language, Text

ROUTER: Final = APIRouter(prefix="/api/v1/imports", tags=["imports"])

MOST_MAPPED: Final = 100


class Asked(BaseModel):
    """How a file is imported; anything else is refused by name.

    Attributes:
        dry_run: Only rehearse.
        empty_clears: Whether empty cells empty their fields.
        map: `Heading=field` for each column that is not recognised; remembered.
    """

    model_config = ConfigDict(extra="forbid")

    dry_run: bool = False
    empty_clears: bool = False
    map: Annotated[list[str], Field(max_length=MOST_MAPPED)] = Field(default_factory=list)
    lang: Language | None = None


class ColumnRead(BaseModel):
    """A column of the file; `field` is null if it was left out."""

    heading: str
    field: str | None


class ProblemRead(BaseModel):
    """Something wrong with one row."""

    row: int
    column: str
    field: str
    code: str
    value: str | None
    message: str
    suggestion: str | None


class ReportRead(BaseModel):
    """What an import found and did. `left_out` counts problems beyond those listed."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "noun": "assets", "dry_run": True, "written": False, "rows": 2, "created": 1, "changed": 0,
                    "unchanged": 0, "left_out": 0,
                    "columns": [{"heading": "Số tài sản", "field": "tag"}, {"heading": "Đơn vị", "field": "site"}],
                    "problems": [
                        {
                            "row": 3, "column": "Đơn vị", "field": "site", "code": "no_such", "value": "tan-lapp",
                            "message": "There is no site “tan-lapp”.", "suggestion": "tan-lap",
                        }
                    ],
                }
            ]
        }
    )  # fmt: skip

    noun: str
    dry_run: bool
    written: bool
    rows: int
    created: int
    changed: int
    unchanged: int
    columns: list[ColumnRead]
    problems: list[ProblemRead]
    left_out: int


class NotImported(Refused):
    """Rows of a file are wrong, so nothing of it was written; the report names them."""

    code = "not_imported"
    status = 422

    def __init__(self, report: dict[str, Any]) -> None:
        super().__init__(
            Text(vi="Tệp có dòng chưa đúng; chưa ghi gì.", en="Rows of the file are not right; nothing was written."),
            Text(vi="Sửa các ô được nêu rồi nhập lại.", en="Correct the cells named and import the file again."),
            more={"report": report},
        )


def _add(noun: Noun) -> None:
    @ROUTER.post(
        f"/{noun.path}",
        summary=f"Import from a CSV or XLSX file: {noun.table.NOUN.en}",
        response_model=ReportRead,
        openapi_extra={"requestBody": _BODY},
        name=f"import_{noun.path}",
    )
    async def take(
        request: Request, asked: Annotated[Asked, Query()], who: Annotated[Actor, Depends(actor)]
    ) -> Response:
        check(who, noun.write, noun.path)
        manner = Manner(dry_run=asked.dry_run, mapping=mapping_of(asked.map), empty_clears=asked.empty_clears)
        octets = await _file(request)
        house = house_of(request)

        def work() -> Report:
            return import_(house.books, who, noun, read_sheet(octets), manner)

        # One at a time: each may hold some hundred megabytes, and the books take one writer at a time anyway.
        report = (await run_sync(work, limiter=house.imports)).as_dict(reader_language(request))
        if report["problems"] and not asked.dry_run:
            raise NotImported(report)
        return JSONResponse(report)


async def _file(request: Request) -> bytes:
    """Return the file: the body itself, or the one file of a form."""
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        return await request.body()
    try:
        async with request.form(max_files=1, max_fields=10) as form:
            files = [part for part in form.values() if isinstance(part, UploadFile)]
            if len(files) != 1:
                raise Malformed(_NO_FORM, _ONE_FILE)
            return await files[0].read()
    except HTTPException:
        raise Malformed(_NO_FORM, _ONE_FILE) from None


_NO_FORM: Final = Text(vi="Biểu mẫu không có đúng một tệp.", en="The form does not hold exactly one file.")
_ONE_FILE: Final = Text(vi="Gửi một tệp CSV hoặc XLSX.", en="Send one CSV or XLSX file.")
_BINARY: Final = {"schema": {"type": "string", "format": "binary"}}
_BODY: Final[dict[str, Any]] = {
    "required": True,
    "content": {
        "text/csv": _BINARY,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": _BINARY,
        "multipart/form-data": {
            "schema": {"type": "object", "properties": {"file": {"type": "string", "format": "binary"}}}
        },
    },
}

for _noun in NOUNS.values():
    if importable(_noun):
        _add(_noun)
