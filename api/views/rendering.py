"""Pages from templates: what every template may use, and the answer that a browser gets."""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, Response

from api.house import house_of
from api.http.auth import csrf_of
from api.http.problems import Problem, request_id_of, title_of
from api.views import static_files as assets
from api.views.i18n import Formats, Translations, language_of
from api.views.navigation import menu_of
from inventory.access.accounts import Role
from inventory.access.rights import Act, Actor, may
from inventory.columns import now
from inventory.text import Language, Text, sentence

FOLDER: Final = Path(__file__).parents[1] / "templates"
THEME_COOKIE: Final = "quang_theme"
THEMES: Final = ("light", "dark")
POLICY: Final = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
"""No inline script, no inline style, no other host. Tabler's CSS draws its ticks and arrows from `data:` images."""

_YEAR_S: Final = 365 * 86_400

ROLES: Final[Mapping[Role, Text]] = {
    Role.ADMINISTRATOR: Text(vi="Người quản trị", en="Administrator"),
    Role.IT_STAFF: Text(vi="Cán bộ công nghệ thông tin", en="IT staff"),
    Role.AUDITOR: Text(vi="Người kiểm tra", en="Auditor"),
    Role.COMMUNE_STAFF: Text(vi="Cán bộ xã", en="Commune staff"),
}

NOTICES: Final[Mapping[str, Text]] = {
    "saved": Text(vi="Đã lưu.", en="Saved."),
    "created": Text(vi="Đã thêm.", en="Added."),
    "retired": Text(vi="Đã ngừng sử dụng.", en="Taken out of use."),
    "restored": Text(vi="Đã đưa vào sử dụng lại.", en="Back in use."),
    "acknowledged": Text(
        vi="Đã ghi nhận: bạn đang xử lý sự cố này.", en="Noted: you are taking care of this incident."
    ),
    "noted": Text(vi="Đã ghi vào sự cố.", en="Written to the incident."),
    "baseline": Text(
        vi="Đã nghiệm thu mức công suất quang hiện tại; mọi suy giảm sẽ được so với mức này.",
        en="The optical power of now is accepted; any decline is measured against it.",
    ),
    "confirmed": Text(vi="Đã xác nhận các dòng được chọn.", en="The lines chosen are confirmed."),
    "revoked": Text(vi="Đã rút lại xác nhận.", en="The confirmation was taken back."),
    "closed": Text(
        vi="Đã khóa sổ. Số liệu của năm không thay đổi được nữa.",
        en="The year is closed. Its figures do not change any more.",
    ),
    "withdrawn": Text(vi="Đã rút ghi nhận.", en="The fact was taken back."),
    "signed": Text(
        vi="Biên bản đã ký. Từ nay không thay đổi được nữa.",
        en="The minutes are signed. From now on nothing can be changed.",
    ),
    "merged": Text(
        vi="Đã sáp nhập. In bản ghi để lưu hồ sơ.", en="The units are merged. Print the record for the files."
    ),
    "moved_back": Text(
        vi="Đã hoàn lại: mọi thứ trở về đơn vị cũ.", en="Undone: everything stands at the old units again."
    ),
    "password": Text(vi="Đã đổi mật khẩu.", en="The password was changed."),
    "unlocked": Text(vi="Đã mở khóa tài khoản.", en="The account is open again."),
    "document": Text(
        vi="Đã lập chứng từ. In biên bản để hai bên ký.", en="The document is made. Print the minutes for both to sign."
    ),
    "reversed": Text(
        vi="Đã hủy: mọi tài sản trở lại như trước chứng từ đó.", en="Undone: every asset is as it was before."
    ),
    "copied": Text(vi="Đã sao lưu: cấu hình có thay đổi.", en="Copied: the configuration has changed."),
    "same_copy": Text(
        vi="Đã đọc cấu hình: không khác bản lưu mới nhất.", en="Read: nothing differs from the newest copy."
    ),
    "settled": Text(vi="Đã ghi quyết định.", en="The decision is noted."),
    "scan": Text(
        vi="Bộ thu thập sẽ quét dải này trong vài phút tới.",
        en="The collector sweeps this range within the next few minutes.",
    ),
    "device": Text(
        vi="Đã lưu thiết bị. Số đo đầu tiên đến trong khoảng một phút.",
        en="The device is saved. The first measurements arrive within about a minute.",
    ),
}
"""What a page may say at its top after an act, by the value of `?done=`."""


def render(request: Request, template: str, *, status: int = 200, **values: Any) -> Response:  # noqa: ANN401 - templates take anything
    """Return a page.

    Args:
        request: What the browser asked.
        template: Path below `templates/`.
        status: HTTP status.
        values: What the template needs besides what every template has.
    """
    language = language_of(request)
    page = _environment(language).get_template(template)
    text = page.render(_of_every_page(request, language) | values)
    headers = {"Content-Security-Policy": POLICY, "Content-Language": language, "Cache-Control": "no-store"}
    return HTMLResponse(text, status_code=status, headers=headers)


def problem_page(connection: HTTPConnection, problem: Problem) -> Response:
    """Return the page that tells a refusal or failure to a person."""
    request = Request(connection.scope)
    template = "problem.html" if getattr(request.state, "actor", None) else "problem_bare.html"
    response = render(
        request,
        template,
        status=problem.status,
        problem=problem,
        problem_title=title_of(problem.status),
        request_id=request_id_of(connection),
    )
    response.headers.update(problem.headers)
    return response


def formats_of(request: HTTPConnection) -> Formats:
    """Return how numbers and times are written for the reader."""
    return Formats(language_of(request), house_of(request).settings.timezone)


def local_path(given: str) -> str:
    """Return an address of this site to go back to; anything that leads elsewhere becomes the home page."""
    parts = urlsplit(given)
    harmless = given.startswith("/") and not given.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme
    return given if harmless and given.isprintable() and len(given) <= 2000 else "/"


def remember(response: Response, request: HTTPConnection, name: str, value: str) -> None:
    """Keep a reader's preference in the browser for a year."""
    secure = house_of(request).settings.web.tls
    response.set_cookie(name, value, max_age=_YEAR_S, path="/", samesite="lax", httponly=True, secure=secure)


def _of_every_page(request: Request, language: Language) -> dict[str, Any]:
    query = f"?{request.url.query}" if request.url.query else ""
    theme = request.cookies.get(THEME_COOKIE, "")
    values: dict[str, Any] = {
        "asset": assets.url,
        "language": language,
        "fmt": formats_of(request),
        "theme": theme if theme in THEMES else "",
        "csrf": csrf_of(request),
        "here": request.url.path + query,
        "now": now(),
        "notice": NOTICES.get(request.query_params.get("done", "")),
    }
    actor: Actor | None = getattr(request.state, "actor", None)
    values["actor"] = actor
    if actor is not None:
        navigation, quick = menu_of(actor, request.url.path)
        values |= {
            "navigation": navigation,
            "quick": quick,
            "role_text": ROLES[actor.role] if actor.role else Text(vi="Chương trình", en="Program"),
            "search_words": "",
            "may_write": lambda noun: may(actor, Act.WRITE, noun),
            "may_administer": may(actor, Act.ADMINISTER, "accounts"),
        }
    return values


@cache
def _environment(language: Language) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    words = Translations(language)
    install: Callable[..., None] = environment.install_gettext_callables  # type: ignore[attr-defined]
    install(words.gettext, words.ngettext, newstyle=True, pgettext=words.pgettext, npgettext=words.npgettext)
    environment.filters["t"] = lambda text: text.to(language) if isinstance(text, Text) else str(text)
    environment.filters["sentence"] = sentence
    environment.filters["phone"] = lambda number: "".join(c for c in str(number) if c.isdigit() or c == "+")
    return environment
