"""The description of the API (OpenAPI 3.1): schemas of what is sent, examples of every noun, problems, security."""

from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from api.http.auth import is_open
from api.http.examples import EXAMPLES
from api.http.listing import CURSOR, LIMIT, RETIRED, SEARCH, SORT, TOTAL
from inventory.assets.confirmations import ConfirmationCreate
from inventory.assets.documents import DocumentCreate, ReversalCreate
from inventory.assets.wear_facts import WearFactCreate
from inventory.audit.settling import SettlementCreate
from inventory.fields import Entry
from inventory.listing import MOST_ROWS
from inventory.noun import STANDARD_SORTS, Noun
from inventory.nouns import NOUNS
from inventory.places.reorganisations import ReorganisationCreate

_SCHEMAS: Final = "#/components/schemas/"
_METHODS: Final = frozenset({"get", "post", "patch", "put", "delete"})

_ACTS: Final[tuple[type[Entry], ...]] = (
    ConfirmationCreate,
    DocumentCreate,
    ReorganisationCreate,
    ReversalCreate,
    SettlementCreate,
    WearFactCreate,
)
"""What acts send, beside the nouns' own creations and changes."""

_PROBLEM: Final[dict[str, Any]] = {
    "title": "Problem",
    "description": "What went wrong (RFC 9457), in the reader's language.",
    "type": "object",
    "required": ["type", "title", "status", "detail", "first_step", "request_id"],
    "properties": {
        "type": {"type": "string", "description": "Stable name of the kind of problem."},
        "title": {"type": "string", "description": "The kind, in words."},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What happened."},
        "first_step": {"type": "string", "description": "What to do first."},
        "request_id": {"type": "string", "description": "Under which the request stands in the log."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "field", "code", "message"],
                "properties": {
                    "pointer": {"type": "string", "description": "JSON pointer of the field (RFC 6901)."},
                    "field": {"type": "string", "description": "The same, dotted."},
                    "code": {"type": "string", "description": "Stable name of what is wrong."},
                    "message": {"type": "string"},
                    "value": {"type": ["string", "null"], "description": "What was sent; never a secret."},
                },
            },
        },
    },
    "examples": [
        {
            "type": "urn:quang:problem:invalid",
            "title": "The data is not right",
            "status": 422,
            "detail": "Some fields are not right.",
            "first_step": "Correct the fields named and send again.",
            "request_id": "5f0c7a1b9d2e4c38",
            "errors": [
                {
                    "pointer": "/site",
                    "field": "site",
                    "code": "unknown_reference",
                    "message": "There is no site “viet-quang-2”.",
                    "value": "viet-quang-2",
                }
            ],
        }
    ],
}

BY_ETAG: Final[dict[str, Any]] = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "schema": {"type": "string"},
    "example": '"3"',
    "description": "The ETag of the version that is changed: 428 without it, 412 if somebody else was faster.",
}
ONCE: Final[dict[str, Any]] = {
    "name": "Idempotency-Key",
    "in": "header",
    "schema": {"type": "string", "maxLength": 200},
    "example": "8e03978e-40d5-43e8-bc93-6894a57f9324",
    "description": "Any new value for each new request. Sent again within 24 hours, the request creates nothing twice.",
}
_IF_NONE_MATCH: Final[dict[str, Any]] = {
    "name": "If-None-Match",
    "in": "header",
    "schema": {"type": "string"},
    "description": "An ETag that the client has: 304 if it is still the current one.",
}


def reference() -> dict[str, Any]:
    """Return what the description of showing one object adds."""
    return {"parameters": [_IF_NONE_MATCH]}


def creation(noun: Noun) -> dict[str, Any]:
    """Return what the description of a creation adds."""
    assert noun.create is not None  # noqa: S101 - only such nouns have the route
    return {"parameters": [ONCE], "requestBody": _body(noun.create.__name__, EXAMPLES[noun.path].create)}


def by_etag(noun: Noun | None) -> dict[str, Any]:
    """Return what the description of a change adds; without a noun it has no body."""
    more: dict[str, Any] = {"parameters": [BY_ETAG]}
    if noun is not None and noun.change is not None:
        more["requestBody"] = _body(noun.change.__name__, EXAMPLES[noun.path].change)
    return more


def sending(model: type[Entry] | None, *parameters: dict[str, Any]) -> dict[str, Any]:
    """Return what the description of an act adds: its parameters, and its body with the model's own example."""
    more: dict[str, Any] = {"parameters": list(parameters)}
    if model is not None:
        extra = model.model_config.get("json_schema_extra")
        more["requestBody"] = _body(model.__name__, extra["examples"][0])  # type: ignore[arg-type, index] # each of ours has one
    return more


def listing(noun: Noun) -> dict[str, Any]:
    """Return the parameters of a list."""
    sorts = sorted({noun.table.KEY, *noun.sorts, *STANDARD_SORTS})
    choices = [word for name in sorts for word in (name, f"-{name}")]
    parameters = [
        _parameter(SEARCH, "Words that all have to occur, without regard to case and diacritics.", "string"),
        {**_parameter(SORT, "`-` before a field is descending.", "string"), "schema": {"enum": choices}},
        _parameter(CURSOR, "`next_cursor` of the page before.", "string"),
        {
            **_parameter(LIMIT, "Rows of a page.", "integer"),
            "schema": {"type": "integer", "minimum": 1, "maximum": MOST_ROWS, "default": 50},
        },
        _parameter(RETIRED, "Whether to show what went out of use.", "boolean"),
        _parameter(TOTAL, "Whether to count all rows.", "boolean"),
    ]
    names = {*noun.filters, *noun.references, noun.table.KEY}
    names |= {f"{name}_{end}" for name in noun.ranges for end in ("from", "to")}
    if noun.placed:
        names |= {"at", "within"}
    parameters += [
        _parameter(name, "Filter; given several times, any of the values.", "string") for name in sorted(names)
    ]
    return {"parameters": parameters}


def describe(app: FastAPI) -> dict[str, Any]:
    """Return the whole description; it is made once."""
    if app.openapi_schema is not None:
        return app.openapi_schema
    tree = get_openapi(title=app.title, version=app.version, summary=app.summary, routes=app.routes)
    components = tree.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    schemas.update(_sent())
    schemas["Problem"] = _PROBLEM
    for gone in ("HTTPValidationError", "ValidationError"):
        schemas.pop(gone, None)
    for noun in NOUNS.values():
        schemas.get(noun.read.__name__, {}).setdefault("examples", [EXAMPLES[noun.path].read])
    components["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer"},
        "session": {"type": "apiKey", "in": "cookie", "name": "quang_session"},
    }
    for path, item in tree["paths"].items():
        for method, operation in item.items():
            if method in _METHODS:
                _finish(path, method, operation)
    app.openapi_schema = tree
    return tree


def _finish(path: str, method: str, operation: dict[str, Any]) -> None:
    operation["responses"].pop("422", None)
    problem = {"application/problem+json": {"schema": {"$ref": f"{_SCHEMAS}Problem"}}}
    for status, words in (("4XX", "Refused, with the reason and the first step."), ("5XX", "Failed, likewise.")):
        operation["responses"][status] = {"description": words, "content": problem}
    operation["security"] = [] if is_open(method.upper(), path) else [{"token": []}, {"session": []}]


def _sent() -> dict[str, Any]:
    models = [model for noun in NOUNS.values() for model in (noun.create, noun.change) if model is not None]
    models += _ACTS
    _, found = models_json_schema([(model, "validation") for model in models], ref_template=_SCHEMAS + "{model}")
    definitions: dict[str, Any] = found.get("$defs", {})
    return definitions


def _body(schema: str, example: dict[str, Any]) -> dict[str, Any]:
    content = {"schema": {"$ref": _SCHEMAS + schema}, "example": example}
    return {"required": True, "content": {"application/json": content}}


def _parameter(name: str, words: str, kind: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "description": words, "schema": {"type": kind}}
