"""Every page: for each role, in both languages, by its own address."""

import re
from html.parser import HTMLParser

import httpx
import pytest
from fastapi.routing import APIRoute

from api.pages import PAGES
from inventory.access.rights import SYSTEM
from inventory.audit.approving import approve
from inventory.audit.reorganisation import reorganise
from tests.api.pages.conftest import USERS, Reader
from tests.support.api import Api
from tests.support.budgeting import drafted
from tests.support.district import District
from tests.support.rows import add, add_site

EVERYBODY = frozenset(USERS)
STAFF = frozenset({"administrator", "it_staff"})
OFFICE = EVERYBODY - {"commune_staff"}
WRITERS = STAFF | {"commune_staff"}
ADMINISTRATOR = frozenset({"administrator"})

PAGES_OF: dict[str, tuple[str, frozenset[str]]] = {
    "/": ("/", EVERYBODY),
    "/home/now": ("/home/now", EVERYBODY),
    "/password": ("/password", EVERYBODY),
    "/incidents": ("/incidents", EVERYBODY),
    "/incidents/{number}": ("/incidents/1", EVERYBODY),
    "/sites": ("/sites", EVERYBODY),
    "/sites/map.json": ("/sites/map.json", EVERYBODY),
    "/sites/{slug}": ("/sites/vinh-tuy", EVERYBODY),
    "/links": ("/links", EVERYBODY),
    "/links/{name}": ("/links/bq-vinh-tuy", EVERYBODY),
    "/devices": ("/devices", EVERYBODY),
    "/devices/{name}": ("/devices/vinh-tuy-rt", EVERYBODY),
    "/devices/{name}/configurations": ("/devices/vinh-tuy-rt/configurations", STAFF),
    "/services": ("/services", EVERYBODY),
    "/services/{name}": ("/services/web-vinh-tuy", EVERYBODY),
    "/findings": ("/findings", EVERYBODY),
    "/findings/{number}": ("/findings/1", EVERYBODY),
    "/subnets": ("/subnets", EVERYBODY),
    "/subnets/{name}": ("/subnets/vinh-tuy-lan", EVERYBODY),
    "/providers": ("/providers", EVERYBODY),
    "/providers/{slug}": ("/providers/vnpt", EVERYBODY),
    "/credentials": ("/credentials", OFFICE),
    "/credentials/{name}": ("/credentials/district", OFFICE),
    "/charts/links/{name}.json": ("/charts/links/bq-vinh-tuy.json", EVERYBODY),
    "/charts/devices/{name}.json": ("/charts/devices/vinh-tuy-rt.json", EVERYBODY),
    "/charts/services/{name}.json": ("/charts/services/web-vinh-tuy.json", EVERYBODY),
    "/search": ("/search?q=l%E1%BA%ADp", EVERYBODY),
    "/help": ("/help", EVERYBODY),
    "/help/rules/{name}": ("/help/rules/LinkDown", EVERYBODY),
    "/help/glossary": ("/help/glossary", EVERYBODY),
    "/assets": ("/assets", EVERYBODY),
    "/assets/new": ("/assets/new", WRITERS),
    "/assets/{tag:path}": ("/assets/OWN/1", EVERYBODY),
    "/assets/{tag:path}/edit": ("/assets/OWN/1/edit", WRITERS),
    "/documents": ("/documents", EVERYBODY),
    "/documents/new": ("/documents/new?kind=repair&tag=OWN/1", WRITERS),
    "/documents/{number}": ("/documents/BG-2018-0001", EVERYBODY),
    "/documents/{number}/print": ("/documents/BG-2018-0001/print", EVERYBODY),
    "/labels": ("/labels?tag=OWN/1", EVERYBODY),
    "/imports": ("/imports", WRITERS),
    "/reorganisations": ("/reorganisations", OFFICE),
    "/reorganisations/start": ("/reorganisations/start", ADMINISTRATOR),
    "/reorganisations/{number}": ("/reorganisations/SN-2025-0001", OFFICE),
    "/reorganisations/{number}/print": ("/reorganisations/SN-2025-0001/print", OFFICE),
    "/wizard": ("/wizard", STAFF),
    "/{noun}/new": ("/sites/new", STAFF),
    "/{noun}/{key}/edit": ("/links/bq-vinh-tuy/edit", STAFF),
    "/accounts": ("/accounts", ADMINISTRATOR),
    "/accounts/{username}": ("/accounts/kythuat", ADMINISTRATOR),
    "/settings": ("/settings", ADMINISTRATOR),
    "/stocktakes": ("/stocktakes", EVERYBODY),
    "/stocktakes/start": ("/stocktakes/start", STAFF | {"commune_staff"}),
    "/stocktakes/{number}": ("/stocktakes/1", EVERYBODY),
    "/stocktakes/{number}/follow-ups": ("/stocktakes/1/follow-ups", EVERYBODY),
    "/stocktakes/progress": ("/stocktakes/progress", EVERYBODY),
    "/stocktakes/{number}/edit": ("/stocktakes/1/edit", STAFF | {"commune_staff"}),
    "/stocktakes/{number}/count": ("/stocktakes/1/count", EVERYBODY),
    "/stocktakes/{number}/evidence": ("/stocktakes/1/evidence", EVERYBODY),
    "/stocktakes/{number}/decisions": ("/stocktakes/1/decisions", EVERYBODY),
    "/stocktakes/{number}/minutes": ("/stocktakes/1/minutes", EVERYBODY),
    "/wear": ("/wear?day=2018-12-31", EVERYBODY),
    "/wear/sums": ("/wear/sums?day=2018-12-31", EVERYBODY),
    "/wear/assets/{tag:path}": ("/wear/assets/OWN/1", EVERYBODY),
    "/wear/papers": ("/wear/papers?year=2018", EVERYBODY),
    "/wear/papers/year": ("/wear/papers/year?year=2018", EVERYBODY),
    "/wear/ledger": ("/wear/ledger?year=2018", EVERYBODY),
    "/wear/table": ("/wear/table?year=2018", EVERYBODY),
    "/wear/closings": ("/wear/closings", EVERYBODY),
    "/wear/closings/{year}": ("/wear/closings/2018", STAFF | {"auditor"}),
    "/wear/rulebooks": ("/wear/rulebooks", EVERYBODY),
    "/budgets": ("/budgets", EVERYBODY),
    "/budgets/start": ("/budgets/start", STAFF),
    "/budgets/compare": ("/budgets/compare?first=1&second=1", EVERYBODY),
    "/budgets/{number}": ("/budgets/1", EVERYBODY),
    "/budgets/{number}/lines/{line}/purchase": ("/budgets/1/lines/1/purchase", STAFF),
    "/budgets/{number}/lines/{line}/settle": ("/budgets/2/lines/1/settle", STAFF),
}
"""Route to (an address of it, the roles that may read it)."""

FILES = {
    "/stocktakes/worker.js",
    "/stocktakes/{number}/minutes.xlsx",
    "/budgets/{number}/estimate.xlsx",
    "/wear/ledger.xlsx",
    "/wear/table.xlsx",
}
"""What is no page: tests/api/pages/test_stocktakes.py, test_budgets.py."""

TAKEN_AWAY = {
    "/exports/{noun}", "/exports/documents/{number}", "/exports/stocktakes/{number}",
    "/exports/reorganisations/{number}",
}  # fmt: skip
KEPT = {"/imports/{ref}", "/imports/{ref}/progress", "/imports/{ref}/problems"}
"""Files, and what only the person sees who brought one: tests/api/pages/test_imports.py."""

PARTS = {"/home/now", "/wear/sums?day=2018-12-31", "/wear/papers/year?year=2018"}
"""Parts of pages, which come by themselves."""

WITHOUT_A_READER = {"/login", "/language/{language}", "/theme/{theme}"}


@pytest.fixture
def pages(district: tuple[Api, District]) -> Api:
    """The API on the district, which has a budget of one line, approved and as a draft, and merged two units."""
    api = district[0]
    for slug in ("thon-cu", "thon-moi"):
        add_site(api.books, slug)
    add(api.books, "credentials", name="district", kind="snmp_v2c", community="chi-doc")
    pairs = [{"old": "thon-cu", "new": "thon-moi"}]
    reorganise(api.books, SYSTEM, {"day": "2025-07-01", "decree": "Nghị quyết 1", "pairs": pairs})
    budget = drafted(api.books, within="vinh-tuy", categories=["scanner"], cap_vnd=22_000_000)
    drafted(api.books, within="vinh-tuy", categories=["scanner"], cap_vnd=22_000_000, title="Phương án 2")
    approve(api.books, SYSTEM, budget.id or 0, budget.version)
    return api


def routes(method: str) -> set[str]:
    return {
        route.path
        for router in PAGES
        for route in router.routes
        if isinstance(route, APIRoute) and method in route.methods
    }


def test_no_page_is_left_out_of_this_table() -> None:
    assert routes("GET") == set(PAGES_OF) | WITHOUT_A_READER | FILES | TAKEN_AWAY | KEPT


@pytest.mark.parametrize("role", sorted(USERS))
def test_each_role_reads_its_pages_and_no_others(reader: Reader, role: str) -> None:
    client = reader(role)
    got = {path: client.get(path).status_code for path, _ in PAGES_OF.values()}
    wanted = {path: 200 if role in roles else 403 for path, roles in PAGES_OF.values()}
    assert got == wanted


def test_a_stranger_is_sent_to_the_login_and_back(pages: Api) -> None:
    answer = pages.client(Accept="text/html").get("/links?q=tan")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/login?next=%2Flinks%3Fq%3Dtan")


def test_staff_of_a_commune_see_nothing_of_another(reader: Reader) -> None:
    client = reader("commune_staff")
    for path in (
        "/sites/tan-lap",
        "/links/bq-tan-lap",
        "/devices/tan-lap-rt",
        "/services/web-tan-lap",
        "/incidents/2",
        "/charts/links/bq-tan-lap.json",
    ):
        assert client.get(path).status_code == 404, path
    for path in ("/", "/sites", "/links", "/devices", "/services", "/incidents?state=all", "/search?q=tan+lap"):
        assert "Tân Lập" not in client.get(path).text.replace('value="tan lap"', ""), path


class Sentences(HTMLParser):
    """Collects what a person reads: text, and the attributes that are read out or shown."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.quiet = 0

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.quiet += tag in {"script", "style"}
        self.found += [value for name, value in attributes if name in {"aria-label", "placeholder", "title"} and value]

    def handle_endtag(self, tag: str) -> None:
        self.quiet -= tag in {"script", "style"}

    def handle_data(self, data: str) -> None:
        if not self.quiet and data.strip():
            self.found.append(data.strip())


ENGLISH = re.compile(r"\b(the|and|of|is|are|not|with|what|who|for|this|that|has|have)\b", re.IGNORECASE)


def test_a_vietnamese_page_holds_no_english_sentence(reader: Reader) -> None:
    client = reader("administrator", "vi")
    found = {}
    for path in sorted(path for path, _ in PAGES_OF.values() if ".json" not in path):
        answer = client.get(path)
        assert '<html lang="vi"' in answer.text or path in PARTS
        assert answer.headers["Content-Language"] == "vi"
        page = Sentences()
        page.feed(answer.text)
        english = [text for text in page.found if len(ENGLISH.findall(text)) >= 2 and "\n" not in text]
        if english:
            found[path] = english
    assert found == {}


def test_an_english_reader_gets_english(reader: Reader) -> None:
    text = reader("administrator", "en").get("/").text
    assert "2 things are wrong" in text
    assert "Do this first" in text


def test_every_page_forbids_scripts_and_styles_that_are_not_files_of_ours(reader: Reader) -> None:
    client = reader("administrator")
    for path, _ in PAGES_OF.values():
        answer = client.get(path)
        if "json" in answer.headers["Content-Type"]:
            continue
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'self';")
        # The reader of labels is a wasm program, which one page may compile; nothing may be evaluated anywhere.
        compiles = " 'wasm-unsafe-eval'" if path == "/stocktakes/1/count" else ""
        assert "unsafe" not in answer.headers["Content-Security-Policy"].replace(compiles or "-", "")
        assert not re.search(
            r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|https?://(?!vinh-tuy)", _markup(answer)
        )


def test_a_refusal_is_told_as_a_page_with_a_first_step(reader: Reader) -> None:
    answer = reader("it_staff").get("/accounts")
    assert answer.status_code == 403
    assert "Nhờ người quản trị cấp quyền" in answer.text
    assert answer.headers["X-Request-Id"] in answer.text
    assert "Không có trang này" in reader("it_staff").get("/nowhere").text


def test_choices_of_language_and_colour_are_remembered_and_lead_nowhere_else(reader: Reader) -> None:
    client = reader("auditor")
    answer = client.get("/theme/dark?next=/links")
    assert (answer.headers["Location"], answer.cookies["quang_theme"]) == ("/links", "dark")
    assert 'data-bs-theme="dark"' in client.get("/links").text
    for elsewhere in ("//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"):
        assert client.get("/language/en", params={"next": elsewhere}).headers["Location"] == "/"
    assert client.get("/language/fr").status_code == 422


def _markup(answer: httpx.Response) -> str:
    # What people and alert rules wrote stands in the text; only tags matter here.
    return "".join(re.findall(r"<[a-z][^>]*>", answer.text))
