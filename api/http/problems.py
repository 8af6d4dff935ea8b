"""Problems: what went wrong, as RFC 9457 problem details in the reader's language."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, Response

from api.http import refusals
from api.views.i18n import COOKIE, language_of
from inventory import errors
from inventory.access.sessions import SignInRefused, TooManyAttempts
from inventory.cells import BadFile
from inventory.errors import FieldProblem, QuangError
from inventory.replays import KeyReused
from inventory.text import LANGUAGES, Language, Text
from inventory.wording import problems_from

_LOG: Final = logging.getLogger(__name__)

MEDIA_TYPE: Final = "application/problem+json"
TYPE: Final = "urn:quang:problem:"


@dataclass(frozen=True, slots=True)
class Problem:
    """One refusal or failure, ready to be told.

    Attributes:
        status: HTTP status.
        code: Stable machine name.
        reason: What happened.
        first_step: What to do first.
        fields: Every wrong field.
        more: Further members, by which a program goes on (`current_version`, `current`).
        headers: Headers of the answer.
    """

    status: int
    code: str
    reason: Text
    first_step: Text
    fields: Sequence[FieldProblem] = ()
    more: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


_STATUS: Final[Mapping[type[QuangError], int]] = {
    errors.Invalid: 422,
    errors.NotFound: 404,
    errors.Forbidden: 403,
    errors.Stale: 412,
    errors.Conflict: 409,
    BadFile: 422,
    KeyReused: 422,
    errors.Unavailable: 503,
    SignInRefused: 401,
    TooManyAttempts: 429,
}

UNEXPECTED: Final = (
    Text(vi="Có lỗi bất ngờ trong hệ thống.", en="Something unexpected went wrong in the system."),
    Text(
        vi="Thử lại; nếu vẫn lỗi, báo người quản trị mã yêu cầu này.",
        en="Try again; if it happens again, give this request id to an administrator.",
    ),
)

_SECRET: Final = frozenset({"password", "current", "secret", "community", "token"})
"""Fields whose values are never repeated in an answer."""

_TITLES: Final[Mapping[int, Text]] = {
    400: Text(vi="Yêu cầu không đúng dạng", en="The request is not well formed"),
    401: Text(vi="Cần đăng nhập", en="Sign in first"),
    403: Text(vi="Không có quyền", en="Not allowed"),
    404: Text(vi="Không tìm thấy", en="Not found"),
    405: Text(vi="Không nhận phương thức này", en="Method not taken"),
    408: Text(vi="Gửi quá chậm", en="Too slow"),
    409: Text(vi="Mâu thuẫn với sổ sách", en="In conflict with the books"),
    412: Text(vi="Người khác vừa sửa", en="Changed by somebody else"),
    413: Text(vi="Nội dung quá lớn", en="Too large"),
    414: Text(vi="Địa chỉ quá dài", en="Address too long"),
    415: Text(vi="Sai loại nội dung", en="Wrong type of content"),
    422: Text(vi="Dữ liệu chưa đúng", en="The data is not right"),
    428: Text(vi="Cần nêu phiên bản", en="Version needed"),
    429: Text(vi="Quá nhiều lần thử", en="Too many attempts"),
    431: Text(vi="Phần đầu quá lớn", en="Head too large"),
    500: Text(vi="Lỗi hệ thống", en="System error"),
    503: Text(vi="Tạm thời không phục vụ được", en="Not available for now"),
}


def title_of(status: int) -> Text:
    """Return the short name of a kind of problem."""
    return _TITLES.get(status, _TITLES[500])


def problem_of(error: QuangError) -> Problem:
    """Return the problem that one of our errors is."""
    status, headers = 500, dict[str, str]()
    for kind in type(error).__mro__:
        if kind in _STATUS:
            status = _STATUS[kind]
            break
    more: dict[str, Any] = {}
    if isinstance(error, refusals.Refused):
        status, headers, more = error.status, error.headers, error.more
    if isinstance(error, errors.Stale):
        more["current_version"] = error.current_version
    if isinstance(error, errors.Unavailable):
        headers["Retry-After"] = "5"
    if isinstance(error, TooManyAttempts):
        headers["Retry-After"] = str(error.retry_after_s)
    fields = error.problems if isinstance(error, errors.Invalid) else ()
    return Problem(status, error.code, error.reason, error.first_step, fields, more, headers)


def reader_language(connection: HTTPConnection) -> Language:
    """Return the language of an answer: `?lang=`, else what `language_of` finds, else the account's."""
    asked = connection.query_params.get("lang")
    for language in LANGUAGES:
        if asked == language:
            return language
    actor = connection.scope.get("state", {}).get("actor")
    if actor is not None and COOKIE not in connection.cookies and "accept-language" not in connection.headers:
        found: Language = actor.language
        return found
    return language_of(connection)


def body_of(problem: Problem, language: Language, request_id: str) -> dict[str, Any]:
    """Return the members of the problem details in one language."""
    body: dict[str, Any] = {
        "type": TYPE + problem.code,
        "title": title_of(problem.status).to(language),
        "status": problem.status,
        "detail": problem.reason.to(language),
        "first_step": problem.first_step.to(language),
        "request_id": request_id,
    }
    if problem.fields:
        body["errors"] = [
            {
                "pointer": "/" + "/".join(_escaped(part) for part in one.field.split(".")) if one.field else "",
                "field": one.field,
                "code": one.code,
                "message": one.message.to(language),
                "value": one.value,
            }
            for one in problem.fields
        ]
    return body | dict(problem.more)


def answer(connection: HTTPConnection, problem: Problem) -> Response:
    """Return the answer that tells a problem: as JSON, or as a page to a browser that asked for one."""
    page: Callable[[HTTPConnection, Problem], Response] | None = getattr(connection.app.state, "problem_page", None)
    wants_page = "text/html" in connection.headers.get("accept", "")
    if page is not None and wants_page and not connection.scope["path"].startswith("/api/"):
        return page(connection, problem)
    language = reader_language(connection)
    return JSONResponse(
        body_of(problem, language, request_id_of(connection)),
        status_code=problem.status,
        media_type=MEDIA_TYPE,
        headers={**problem.headers, "Content-Language": language, "Cache-Control": "no-store"},
    )


def request_id_of(connection: HTTPConnection) -> str:
    """Return the id under which a request stands in the log."""
    return str(connection.scope.get("state", {}).get("request_id", ""))


def install(app: FastAPI) -> None:
    """Tell the application how each kind of error is answered."""
    app.add_exception_handler(QuangError, _ours)
    app.add_exception_handler(HTTPException, _starlette)
    app.add_exception_handler(RequestValidationError, _validation)
    app.add_exception_handler(ValidationError, _validation)


def _ours(request: Request, error: Exception) -> Response:
    assert isinstance(error, QuangError)  # noqa: S101 - registered for this class only
    problem = problem_of(error)
    if problem.status >= 500:
        _LOG.error("request %s: %s", request_id_of(request), error.reason.en, exc_info=error.__cause__)
    return answer(request, problem)


def _starlette(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class only
    if error.status_code in {404, 405}:
        return answer(request, problem_of(refusals.NoSuchPage(error.status_code, error.headers)))
    reason = Text(vi="Yêu cầu không đọc được.", en="The request could not be read.")
    first_step = Text(vi="Kiểm tra nội dung rồi gửi lại.", en="Check the content and send it again.")
    return answer(request, Problem(error.status_code, "refused", reason, first_step, headers=error.headers or {}))


def _validation(request: Request, error: Exception) -> Response:
    if isinstance(error, RequestValidationError):
        # The first part of a location says where the field stands: body, query, path.
        return answer(request, problem_of(errors.Invalid(problems_from(error.errors(), secret=_SECRET, skip=1))))
    # One of our own models refused what we built: our mistake, not the reader's.
    _LOG.error("request %s: a model refused our own values", request_id_of(request), exc_info=error)
    return answer(request, Problem(500, "unexpected", *UNEXPECTED))


def _escaped(part: str) -> str:
    return part.replace("~", "~0").replace("/", "~1")
