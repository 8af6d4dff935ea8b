"""The nouns of the books over HTTP: list, show, create, change, retire, restore; the same for each."""

import json
from collections.abc import Callable
from typing import Annotated, Any, Final
from urllib.parse import quote

from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import create_model

from api.house import house_of
from api.http.auth import actor
from api.http.bodies import json_object, storable
from api.http.description import by_etag, creation, listing, reference
from api.http.etag import etag_of, is_known, version_wanted
from api.http.idempotency import once_of
from api.http.listing import SEARCH, query_of
from api.http.refusals import Outdated
from inventory import register
from inventory.access.rights import Actor
from inventory.errors import FieldProblem, Invalid, NotFound, Stale
from inventory.fields import Record
from inventory.noun import Noun
from inventory.nouns import NOUNS
from inventory.replays import Replayed, done_before

Who = Annotated[Actor, Depends(actor)]
Key = Annotated[str, Path(max_length=200, description="The name by which the object is known.")]

_MADE_ELSEWHERE: Final = frozenset({"tokens"})
"""Nouns whose creation has a route of its own, because its answer holds a secret."""


def router_of(noun: Noun) -> APIRouter:
    """Return the routes of one noun."""
    router = APIRouter(prefix=f"/api/v1/{noun.path}", tags=[noun.path])
    word = noun.table.NOUN.en
    # The number on a label may hold a slash (TS/2018/015).
    one = "/{key:path}" if noun.table.KEY == "tag" else "/{key}"
    _add_list(router, noun, word)
    if noun.create is not None and noun.path not in _MADE_ELSEWHERE:
        _add_create(router, noun, word)
    if noun.retires:
        _add_act(router, noun, f"{one}/retire", "retire", f"Take the {word} out of use")
        _add_act(router, noun, f"{one}/restore", "restore", f"Take the {word} into use again")
    _add_get(router, noun, one, word)
    if noun.change is not None:
        _add_update(router, noun, one, word)
    return router


def _add_list(router: APIRouter, noun: Noun, word: str) -> None:
    page = create_model(
        f"{noun.read.__name__}Page",
        __doc__="A page of a list: items in order, and the cursor of the next page, null on the last.",
        items=(list[noun.read], ...),  # type: ignore[name-defined] # a model made for the description
        next_cursor=(str | None, None),
        total=(int | None, None),
    )

    @router.get("", summary=f"List: {word}", response_model=page, openapi_extra=listing(noun))
    def list_(request: Request, who: Who) -> Response:
        try:
            found = register.list_(house_of(request).books, who, noun, query_of(request.query_params))
        except Invalid as error:
            raise Invalid([_of_address(problem) for problem in error.problems]) from None
        items = ",".join(_json(item) for item in found.items)
        rest = json.dumps({"next_cursor": found.next_cursor, "total": found.total})
        return Response(f'{{"items":[{items}],{rest[1:]}', media_type="application/json")


def _add_get(router: APIRouter, noun: Noun, path: str, word: str) -> None:
    @router.get(path, summary=f"Show one: {word}", response_model=noun.read, openapi_extra=reference())
    def get(request: Request, key: Key, who: Who) -> Response:
        found = register.get(house_of(request).books, who, noun, _stored(noun, key))
        tag = etag_of(found.version)
        if is_known(request, tag):
            return Response(status_code=304, headers={"ETag": tag})
        return _answer(found)


def _add_create(router: APIRouter, noun: Noun, word: str) -> None:
    @router.post("", summary=f"Create: {word}", status_code=201, response_model=noun.read, openapi_extra=creation(noun))
    async def create(request: Request, who: Who) -> Response:
        values = await json_object(request)
        once = await once_of(request)
        books = house_of(request).books

        def work() -> Record:
            try:
                # Asked first without the writers' queue; asked again inside it, where it decides.
                before = done_before(books, once) if once else None
                return register.create(books, who, noun, values, once) if before is None else _again(before)
            except Replayed as replayed:
                return _again(replayed.object_key)

        def _again(key: str) -> Record:
            return register.get(books, who, noun, key)

        written = await run_sync(work)
        return _answer(written, status=201, location=f"/api/v1/{noun.path}/{written.key}")


def _add_update(router: APIRouter, noun: Noun, path: str, word: str) -> None:
    @router.patch(path, summary=f"Change: {word}", response_model=noun.read, openapi_extra=by_etag(noun))
    async def update(request: Request, key: Key, who: Who) -> Response:
        version = version_wanted(request)
        values = await json_object(request)
        books, stored = house_of(request).books, _stored(noun, key)

        def write() -> Record:
            return register.update(books, who, noun, stored, version, values)

        return _answer(await run_sync(_or_outdated, request, noun, stored, version, write))


def _add_act(router: APIRouter, noun: Noun, path: str, name: str, summary: str) -> None:
    act: Callable[..., Record] = {"retire": register.retire, "restore": register.restore}[name]

    @router.post(path, summary=summary, response_model=noun.read, openapi_extra=by_etag(None), name=name)
    def end_or_begin(request: Request, key: Key, who: Who) -> Response:
        version = version_wanted(request)
        books, stored = house_of(request).books, _stored(noun, key)
        return _answer(_or_outdated(request, noun, stored, version, lambda: act(books, who, noun, stored, version)))


def _or_outdated(request: Request, noun: Noun, key: str, version: int, write: Callable[[], Record]) -> Record:
    """Write; where somebody was faster, tell both versions, so that a person can compare them."""
    try:
        return write()
    except Stale as stale:
        current: dict[str, Any] = json.loads(_json(register.get(house_of(request).books, actor(request), noun, key)))
        raise Outdated(stale, version, current) from stale


def _stored(noun: Noun, key: str) -> str:
    if not storable(key):
        raise NotFound(noun.table.NOUN, "…")
    return key


def _of_address(problem: FieldProblem) -> FieldProblem:
    if problem.field != "search":
        return problem
    return FieldProblem(SEARCH, problem.code, problem.message, problem.value)


def _json(record: Record) -> str:
    return record.model_dump_json(warnings=False)


def _answer(record: Record, *, status: int = 200, location: str | None = None) -> Response:
    headers = {"ETag": etag_of(record.version)}
    if location is not None:
        headers["Location"] = quote(location)
    return Response(_json(record), status_code=status, headers=headers, media_type="application/json")


NOUN_ROUTERS: Final[tuple[APIRouter, ...]] = tuple(router_of(noun) for noun in NOUNS.values())
