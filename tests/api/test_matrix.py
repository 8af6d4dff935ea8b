"""Who may do what: every route of the API for every role and every kind of token, at the own site and a foreign one.

The table of the routes: tests/support/matrix.py.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import httpx
import pytest
from sqlmodel import select

from api.http.description import describe
from api.pages import PAGES
from inventory.access.accounts import Account, Role, Scope, Token
from inventory.access.sessions import digest
from inventory.columns import now
from inventory.db import writing
from inventory.settings import Settings as InventorySettings
from tests.support.accounts import hire
from tests.support.api import Api, running_api, settings_for
from tests.support.matrix import BODIES, MATRIX, NOUN_RIGHTS, A, C, U
from tests.support.world import PLACED, World, build

ONE_DATABASE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@dataclass
class Place:
    api: Api
    world: World
    people: dict[Role, httpx.Client]
    programs: dict[Scope, httpx.Client]

    def routes(self) -> list[str]:
        tree = describe(self.api.app)
        methods = {"get", "post", "patch", "put", "delete"}
        return [
            f"{method.upper()} {path}" for path, item in tree["paths"].items() for method in item if method in methods
        ]


@pytest.fixture
def place(new_settings: Callable[[], InventorySettings]) -> Iterator[Place]:
    with running_api(settings_for(new_settings())) as api:
        world = build(api.books)
        people = {}
        for role in Role:
            person = hire(api.books, role, site_id=world.own_site_id if role is C else None)
            people[role] = api.signed_in(person)
        administrator = people[A]
        programs = {}
        for scope in Scope:
            body = {"name": f"t-{scope.value}", "scopes": [scope.value], "expires_at": soon()}
            body |= {"collector_name": "near"} if scope is Scope.COLLECTOR else {}
            made = administrator.post("/api/v1/tokens", json=body)
            assert made.status_code == 201, made.text
            programs[scope] = api.client(Authorization=f"Bearer {made.json()['secret']}")
        yield Place(api, world, people, programs)


def soon() -> str:
    return (now() + timedelta(days=1)).isoformat()


def ask(client: httpx.Client, route: str, keys: dict[str, str]) -> httpx.Response:
    """Send a request that changes nothing even where it is allowed: an empty body, an old version."""
    method, path = route.split(" ")
    noun = path.removeprefix("/api/v1/wear/").removeprefix("/api/v1/").split("/")[0]
    number = keys.get(noun, "1")
    path = path.format(
        key=keys.get(noun, "x"),
        number=number,
        other=number,
        line="1",
        name="near",
        job="reach",
        year="1999",
        uid="0" * 32,
    )
    more: dict[str, object] = {}
    if method in {"POST", "PATCH", "PUT"}:
        more = {"json": BODIES.get(route, {}), "headers": {"If-Match": '"999"'}}
    return client.request(method, path, **more)  # type: ignore[arg-type]


def allowed(answer: httpx.Response) -> bool:
    """Tell whether a request passed the rights; what it then lacks is another matter."""
    return answer.status_code in {200, 201, 204, 304, 409, 412, 422}


@ONE_DATABASE
def test_every_route_stands_in_the_matrix_and_nothing_else(place: Place) -> None:
    assert set(place.routes()) == set(MATRIX)


@ONE_DATABASE
def test_nothing_but_health_and_signing_in_is_open(place: Place) -> None:
    strangers = (
        place.api.client(),
        place.api.client(Authorization="Bearer quang_made-up"),
        place.api.client(Authorization="Basic YWRtaW46YWRtaW4="),
        place.api.client(Cookie="quang_session=made-up"),
    )
    for stranger in strangers:
        for route in place.routes():
            answer = ask(stranger, route, place.world.own)
            if MATRIX[route].open:
                assert allowed(answer), (route, answer.status_code)
            else:
                assert answer.status_code == 401, (route, answer.status_code)
                assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        for address in ("/api/v1/nothing", "/nothing", "/api", "/docs", "/openapi.json", "/healthz/", "//healthz"):
            assert stranger.get(address).status_code == 401, address
    assert {route for route, rule in MATRIX.items() if rule.open} == {"GET /healthz", "POST /api/v1/session"}


def test_each_role_may_do_what_the_matrix_says_and_nothing_more(place: Place) -> None:
    # Signing out ends the session that the other questions need, so it is asked last.
    for route in sorted(place.routes(), key=lambda route: route.startswith("DELETE")):
        rule = MATRIX[route]
        for role, client in place.people.items():
            own = ask(client, route, place.world.own)
            assert allowed(own) == (role in rule.roles), (route, role, own.status_code, own.text)
            if role not in rule.roles:
                assert own.status_code == 403, (route, role, own.status_code)


def test_a_foreign_site_looks_as_if_it_were_not_there(place: Place) -> None:
    for route in place.routes():
        rule = MATRIX[route]
        if not (rule.place and ("{key}" in route or "{number}" in route)):
            continue
        for role, client in place.people.items():
            answer = ask(client, route, place.world.foreign)
            if role not in rule.roles:
                assert answer.status_code == 403, (route, role)
            elif role is C:
                assert answer.status_code == 404, (route, role, answer.text)
                nowhere = ask(client, route, dict.fromkeys(place.world.foreign, "987654"))
                assert without_names(answer) == without_names(nowhere)
            else:
                assert allowed(answer), (route, role, answer.status_code)


def without_names(answer: httpx.Response) -> dict[str, object]:
    return {name: value for name, value in answer.json().items() if name not in {"detail", "request_id"}}


def test_lists_show_commune_staff_only_what_is_theirs(place: Place) -> None:
    for noun in NOUN_RIGHTS:
        for role, client in place.people.items():
            answer = client.get(f"/api/v1/{noun}", params={"limit": 500, "total": "true"})
            if answer.status_code == 403:
                continue
            page = answer.json()
            keys = {item["key"] for item in page["items"]}
            assert place.world.own[noun] in keys, (noun, role)
            assert page["total"] == len(keys)
            if noun in PLACED:
                assert (place.world.foreign[noun] in keys) == (role is not C), (noun, role)


def test_searching_and_narrowing_reveal_nothing_foreign(place: Place) -> None:
    client = place.people[C]
    for query in ("q=foreign", "site=foreign", "within=foreign", "within=district"):
        for noun in ("devices", "assets", "services"):
            answer = client.get(f"/api/v1/{noun}?{query}")
            keys = [item["key"] for item in answer.json().get("items", [])]
            assert place.world.foreign[noun] not in keys, (noun, query)
    narrowed = client.get("/api/v1/holdings?device=foreign-router")
    assert narrowed.json()["items"] == []


def test_commune_staff_write_nothing_to_a_foreign_site(place: Place) -> None:
    client = place.people[C]
    body = {"tag": "TS/9", "name": "Máy in", "category": "printer", "site": "foreign"}
    there = client.post("/api/v1/assets", json=body)
    assert there.status_code in {403, 422}, there.text
    here = client.post("/api/v1/assets", json=body | {"site": "own"})
    assert here.status_code == 201, here.text
    moved = client.patch("/api/v1/assets/TS/9", json={"site": "foreign"}, headers={"If-Match": '"1"'})
    assert moved.status_code in {403, 422}, moved.text
    assert place.people[A].get("/api/v1/assets/TS/9").json()["site"] == "own"


def test_the_history_is_seen_by_the_parties_to_an_act(place: Place) -> None:
    changes = place.people[C].get("/api/v1/changes?limit=200").json()["items"]
    keys = {(change["noun"], change["key"]) for change in changes}
    assert ("device", "own-router") in keys
    assert not any("foreign" in key or key == "TS/2" for _, key in keys)
    assert not any(noun in {"account", "token", "credential"} for noun, _ in keys)
    everything = place.people[U].get("/api/v1/changes?limit=200").json()["items"]
    assert ("device", "foreign-router") in {(change["noun"], change["key"]) for change in everything}


def test_each_token_may_do_what_its_scope_says_and_nothing_more(place: Place) -> None:
    for route in sorted(place.routes(), key=lambda route: route.startswith("DELETE")):
        rule = MATRIX[route]
        for scope, client in place.programs.items():
            answer = ask(client, route, place.world.own)
            assert allowed(answer) == (scope in rule.scopes), (route, scope, answer.status_code, answer.text)
            if scope not in rule.scopes:
                assert answer.status_code == 403, (route, scope, answer.status_code)


@ONE_DATABASE
def test_a_collector_speaks_only_for_itself(place: Place) -> None:
    client = place.programs[Scope.COLLECTOR]
    lease = BODIES["POST /api/v1/collectors/{name}/lease"]
    assert client.post("/api/v1/collectors/far/lease", json=lease).status_code == 403
    assert client.post("/api/v1/collectors/far/reports", json={"reports": []}).status_code == 403
    assert client.get("/api/v1/collectors/far/roster").status_code == 403


def test_a_token_never_exceeds_its_makers_rights(place: Place) -> None:
    commune = place.people[C].get("/api/v1/session").json()["name"]
    with writing(place.api.books.engine) as session:
        account = session.exec(select(Account).where(Account.username == commune)).one()
        session.add(
            Token(
                name="small",
                secret_hash=digest("quang_small"),
                scopes="read,scrape,write",
                account_id=account.id,
                expires_at=now() + timedelta(days=1),
            )
        )
    client = place.api.client(Authorization="Bearer quang_small")
    assert client.get(f"/api/v1/devices/{place.world.own['devices']}").status_code == 200
    assert client.get(f"/api/v1/devices/{place.world.foreign['devices']}").status_code == 404
    assert client.get("/metrics").status_code == 403
    assert client.get("/api/v1/credentials").status_code == 403


@ONE_DATABASE
def test_no_page_opens_without_signing_in(place: Place) -> None:
    stranger = place.api.client(Accept="text/html")
    open_pages = {("GET", "/login"), ("POST", "/login")}
    routes = [(method, route.path) for router in PAGES for route in router.routes for method in route.methods]  # type: ignore[attr-defined]
    assert routes
    for method, path in routes:
        if method == "HEAD" or (method, path) in open_pages:
            continue
        address = path.replace("{", "").replace("}", "")
        answer = stranger.request(method, address)
        assert answer.status_code == 303, (method, path, answer.status_code)
        assert answer.headers["Location"].startswith("/login"), (method, path)
