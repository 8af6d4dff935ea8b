import json
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.http.description import describe
from api.http.examples import EXAMPLES
from inventory.access.accounts import Role
from inventory.nouns import NOUNS
from tests.support.accounts import hire
from tests.support.api import Api

ONE_DATABASE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def admin(api: Api) -> httpx.Client:
    return api.signed_in(Role.ADMINISTRATOR)


def district(client: httpx.Client) -> httpx.Response:
    answer = client.post("/api/v1/sites", json={"slug": "bac-quang", "name": "Huyện Bắc Quang", "kind": "district"})
    assert answer.status_code == 201, answer.text
    return answer


def test_the_examples_of_the_description_work_in_their_order(admin: httpx.Client) -> None:
    district(admin)
    more = {
        "devices": {"name": "vinh-tuy", "site": "viet-quang", "category": "router", "address": "10.20.0.2"},
    }
    for path in (
        "sites", "providers", "products", "assets", "credentials", "devices", "holdings", "links", "services",
        "accounts", "collectors",
    ):  # fmt: skip
        answer = admin.post(f"/api/v1/{path}", json=EXAMPLES[path].create)
        assert answer.status_code == 201, (path, answer.text)
        if path in more:
            assert admin.post(f"/api/v1/{path}", json=more[path]).status_code == 201
        there = answer.headers["Location"]
        assert admin.get(there).json() == answer.json()
        changed = admin.patch(there, json=EXAMPLES[path].change, headers={"If-Match": answer.headers["ETag"]})
        assert changed.status_code == 200, (path, changed.text)
        assert changed.headers["ETag"] == '"2"'
        listed = admin.get(f"/api/v1/{path}", params={"limit": 500}).json()
        assert answer.json()["key"] in [item["key"] for item in listed["items"]]


def test_every_noun_has_an_example_that_fits_its_models() -> None:
    assert set(EXAMPLES) == set(NOUNS)
    for path, noun in NOUNS.items():
        example = EXAMPLES[path]
        assert bool(example.create) == (noun.create is not None)
        assert bool(example.change) == (noun.change is not None)
        if noun.create is not None and noun.change is not None:
            noun.create.model_validate(example.create)
            noun.change.model_validate(example.change)
        noun.read.model_validate(example.read)


@ONE_DATABASE
def test_the_description_names_every_route_with_summary_tag_and_example(api: Api) -> None:
    tree = describe(api.app)
    for path, item in tree["paths"].items():
        for method, operation in item.items():
            assert operation.get("summary"), (method, path)
            assert operation.get("tags"), (method, path)
            body = operation.get("requestBody")
            assert body is None or "example" in str(body) or "examples" in str(tree["components"]), (method, path)
            assert "4XX" in operation["responses"], (method, path)
    names = {reference for reference in references(tree) if reference not in tree["components"]["schemas"]}
    assert names == set()


def references(value: object) -> set[str]:
    if isinstance(value, dict):
        own = {value["$ref"].rsplit("/", 1)[-1]} if isinstance(value.get("$ref"), str) else set()
        return own.union(*(references(one) for one in value.values()))
    return set[str]().union(*(references(one) for one in value)) if isinstance(value, list) else set()


def test_all_wrong_fields_are_named_at_once_in_the_readers_language(admin: httpx.Client) -> None:
    wrong = {"slug": "Có Dấu", "kind": "planet", "lat": 91, "colour": "red", "parent": "nowhere"}
    answer = admin.post("/api/v1/sites", json=wrong)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == 422
    assert problem["type"] == "urn:quang:problem:invalid"
    assert problem["detail"] == "Some fields are not right."
    fields = {error["field"]: error for error in problem["errors"]}
    assert {"slug", "kind", "lat", "colour", "name"} <= set(fields)
    assert fields["lat"]["pointer"] == "/lat"
    assert fields["colour"]["code"] == "unknown"
    vietnamese = admin.post("/api/v1/sites?lang=vi", json=wrong).json()
    assert vietnamese["detail"] == "Có trường chưa đúng."
    assert {error["field"]: error["code"] for error in vietnamese["errors"]} == {
        error["field"]: error["code"] for error in problem["errors"]
    }


def test_a_change_names_the_version_that_it_changes(admin: httpx.Client) -> None:
    here = district(admin).headers["Location"]
    for missing in ({}, {"If-Match": "*"}):
        answer = admin.patch(here, json={"note": "x"}, headers=missing)
        assert (answer.status_code, answer.json()["type"]) == (428, "urn:quang:problem:version_needed")
    for wrong in ("1", 'W/"1"', '"0"', '"1", "2"', '"x"', '"' + "9" * 30 + '"'):
        answer = admin.patch(here, json={"note": "x"}, headers={"If-Match": wrong})
        assert answer.status_code in {400, 412}, wrong
    assert admin.get(here).json()["note"] == ""


def test_two_people_never_overwrite_each_other(api: Api, admin: httpx.Client) -> None:
    other = api.signed_in(Role.IT_STAFF)
    made = district(admin)
    here, tag = made.headers["Location"], {"If-Match": made.headers["ETag"]}
    assert admin.patch(here, json={"headcount": 10}, headers=tag).status_code == 200
    late = other.patch(here, json={"headcount": 20}, headers=tag)
    assert late.status_code == 412
    assert (late.json()["your_version"], late.json()["current_version"]) == (1, 2)
    assert late.json()["current"]["headcount"] == 10
    assert other.patch(here, json={"headcount": 20}, headers={"If-Match": late.headers["ETag"]}).status_code == 200


def test_of_many_changes_at_once_exactly_one_wins(api: Api, admin: httpx.Client) -> None:
    made = district(admin)
    here, tag = made.headers["Location"], {"If-Match": made.headers["ETag"]}
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: admin.patch(here, json={"headcount": n}, headers=tag), range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 7
    assert admin.get(here).json()["version"] == 2


def test_an_object_that_the_client_has_is_not_sent_again(admin: httpx.Client) -> None:
    made = district(admin)
    answer = admin.get(made.headers["Location"], headers={"If-None-Match": made.headers["ETag"]})
    assert (answer.status_code, answer.content) == (304, b"")
    assert admin.get(made.headers["Location"], headers={"If-None-Match": '"7"'}).status_code == 200


def test_retiring_hides_and_restoring_shows_again(admin: httpx.Client) -> None:
    made = district(admin)
    here = made.headers["Location"]
    retired = admin.post(f"{here}/retire", headers={"If-Match": made.headers["ETag"]})
    assert retired.status_code == 200
    assert retired.json()["retired_at"] is not None
    assert admin.get("/api/v1/sites").json()["items"] == []
    assert len(admin.get("/api/v1/sites?retired=true").json()["items"]) == 1
    assert admin.post(f"{here}/retire", headers={"If-Match": retired.headers["ETag"]}).status_code == 409
    restored = admin.post(f"{here}/restore", headers={"If-Match": retired.headers["ETag"]})
    assert restored.json()["retired_at"] is None
    acts = [change["act"] for change in admin.get("/api/v1/changes?noun=sites&key=bac-quang").json()["items"]]
    assert acts == ["restore", "retire", "create"]


def test_the_number_on_a_label_may_hold_a_slash(admin: httpx.Client) -> None:
    district(admin)
    body = {"tag": "TS/2018/015", "name": "Máy in", "category": "printer", "site": "bac-quang"}
    made = admin.post("/api/v1/assets", json=body)
    assert made.status_code == 201, made.text
    assert made.headers["Location"] == "/api/v1/assets/TS/2018/015"
    assert admin.get("/api/v1/assets/TS%2F2018%2F015").json()["tag"] == "TS/2018/015"
    ended = admin.post("/api/v1/assets/TS/2018/015/retire", headers={"If-Match": made.headers["ETag"]})
    assert ended.status_code in {200, 409}


def test_a_creation_sent_again_creates_nothing_twice(api: Api, admin: httpx.Client) -> None:
    body = {"slug": "bac-quang", "name": "Huyện Bắc Quang", "kind": "district"}
    key = {"Idempotency-Key": "8e03978e-40d5-43e8-bc93-6894a57f9324"}
    first = admin.post("/api/v1/sites", json=body, headers=key)
    again = admin.post("/api/v1/sites", json=body, headers=key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert first.headers["Location"] == again.headers["Location"]
    other = admin.post("/api/v1/sites", json=body | {"name": "Khác"}, headers=key)
    assert (other.status_code, other.json()["type"]) == (422, "urn:quang:problem:key_reused")
    elsewhere = admin.post("/api/v1/providers", json={"slug": "vnpt", "name": "VNPT"}, headers=key)
    assert elsewhere.status_code == 422
    colleague = api.signed_in(Role.IT_STAFF)
    assert colleague.post("/api/v1/sites", json=body | {"slug": "khac"}, headers=key).status_code == 201


def test_a_creation_that_was_refused_may_be_corrected_under_the_same_key(admin: httpx.Client) -> None:
    key = {"Idempotency-Key": "k1"}
    assert admin.post("/api/v1/sites", json={"slug": "x"}, headers=key).status_code == 422
    body = {"slug": "x", "name": "X", "kind": "district"}
    assert admin.post("/api/v1/sites", json=body, headers=key).status_code == 201


@pytest.mark.parametrize("key", ["", "a b", "x" * 201, "é"])
@ONE_DATABASE
def test_a_bad_idempotency_key_is_named(admin: httpx.Client, key: str) -> None:
    body = {"slug": "x", "name": "X", "kind": "district"}
    answer = admin.post("/api/v1/sites", json=body, headers={"Idempotency-Key": key.encode("utf-8")})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "Idempotency-Key"


def test_one_key_sent_many_times_at_once_creates_once(admin: httpx.Client) -> None:
    district(admin)
    device = {"name": "core", "site": "bac-quang", "category": "router", "address": "10.0.0.1"}
    with ThreadPoolExecutor(8) as pool:
        answers = list(
            pool.map(lambda _: admin.post("/api/v1/devices", json=device, headers={"Idempotency-Key": "k"}), range(8))
        )
    assert [answer.status_code for answer in answers] == [201] * 8
    assert len({answer.text for answer in answers}) == 1
    acts = admin.get("/api/v1/changes?noun=devices").json()["items"]
    assert [change["act"] for change in acts] == ["create"]


def many_sites(client: httpx.Client, count: int) -> None:
    district(client)
    for number in range(count):
        body = {"slug": f"xa-{number:02}", "name": f"Xã số {number}", "kind": "commune", "parent": "bac-quang"}
        assert client.post("/api/v1/sites", json=body).status_code == 201


def test_pages_of_a_list_show_each_row_once_in_order(admin: httpx.Client) -> None:
    many_sites(admin, 7)
    seen: list[str] = []
    cursor = ""
    while True:
        page = admin.get(
            "/api/v1/sites", params={"sort": "-slug", "limit": 3, "cursor": cursor, "total": "true"}
        ).json()
        seen += [item["key"] for item in page["items"]]
        assert page["total"] == 8
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == [f"xa-{number:02}" for number in reversed(range(7))] + ["bac-quang"]


def test_lists_are_narrowed_and_searched(admin: httpx.Client) -> None:
    many_sites(admin, 3)
    get = lambda query: [item["key"] for item in admin.get(f"/api/v1/sites?{query}").json()["items"]]  # noqa: E731
    assert get("kind=district") == ["bac-quang"]
    assert get("kind=district&kind=commune&sort=slug&limit=2") == ["bac-quang", "xa-00"]
    assert get("parent=bac-quang") == ["xa-00", "xa-01", "xa-02"]
    assert get("q=huyen bac") == ["bac-quang"]
    assert get("q=so 2") == ["xa-02"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("colour=red", "colour"),
        ("sort=colour", "sort"),
        ("limit=0", "limit"),
        ("limit=501", "limit"),
        ("limit=abc", "limit"),
        ("limit=-1", "limit"),
        ("limit=1e3", "limit"),
        ("limit=٣", "limit"),
        ("limit=1&limit=2", "limit"),
        ("q=a&q=b", "q"),
        ("q=" + "x" * 101, "q"),
        ("retired=maybe", "retired"),
        ("cursor=AAAA", "cursor"),
        ("kind=planet", "kind"),
        ("kind=%00", "kind"),
        ("%00=x", ""),
        ("&".join(f"kind=x{number}" for number in range(101)), "kind"),
        ("&".join(f"a{number}=1" for number in range(201)), ""),
    ],
)
@ONE_DATABASE
def test_a_wrong_parameter_of_a_list_is_named(admin: httpx.Client, query: str, field: str) -> None:
    answer = admin.get(f"/api/v1/sites?{query}")
    assert answer.status_code == 422, answer.text
    assert field in [error["field"] for error in answer.json()["errors"]]


@pytest.mark.parametrize("key", ["nobody", "%00", "%ED%A0%80", "a%2Fb", "%20", "x" * 500, "%F0%9F%98%80", "-1"])
def test_an_unknown_key_is_not_found_whatever_it_holds(admin: httpx.Client, key: str) -> None:
    for path in ("sites", "holdings", "assets"):
        answer = admin.get(f"/api/v1/{path}/{key}")
        assert answer.status_code in {404, 422}, (path, key, answer.text)


words = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
parameters = st.lists(
    st.tuples(
        st.sampled_from(
            ["q", "sort", "limit", "cursor", "retired", "total", "lang", "kind", "site", "parent", "within", "code",
             "valid_from_from", "valid_to_to", "fictional", "cost_vnd_from", "status", "serial", "key", "id"]
        )
        | words,
        words | st.integers().map(str) | st.sampled_from(["true", "-name", "2018-12-31", "1e999", "nan"]),
    ),
    max_size=6,
)  # fmt: skip


@given(st.sampled_from(sorted(NOUNS)), parameters)
@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_any_query_is_answered_or_refused_by_field(
    admin: httpx.Client, noun: str, query: list[tuple[str, str]]
) -> None:
    answer = admin.get(f"/api/v1/{noun}", params=query)
    assert answer.status_code in {200, 414, 422}, (query, answer.text)


json_like = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=8,
)


@given(st.data())
@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_any_body_is_taken_or_refused_by_field(admin: httpx.Client, data: st.DataObject) -> None:
    noun = NOUNS[data.draw(st.sampled_from([path for path, noun in NOUNS.items() if noun.create is not None]))]
    assert noun.create is not None
    fields = st.sampled_from(sorted(noun.create.model_fields))
    body = EXAMPLES[noun.path].create | data.draw(st.dictionaries(fields | words, json_like, max_size=4))
    answer = admin.post(
        f"/api/v1/{noun.path}", content=json.dumps(body).encode(), headers={"Content-Type": "application/json"}
    )
    assert answer.status_code in {201, 400, 409, 422}, (body, answer.text)


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"{}", "text/plain", 415),
        (b"{}", "application/x-www-form-urlencoded", 415),
        (b"", "application/json", 400),
        (b"[]", "application/json", 400),
        (b'{"slug": NaN}', "application/json", 400),
        (b'{"slug": "a\\u0000"}', "application/json", 422),
        (b"[" * 40 + b"]" * 40, "application/json", 400),
    ],
)
@ONE_DATABASE
def test_a_body_that_is_no_json_object_is_refused(admin: httpx.Client, content: bytes, kind: str, status: int) -> None:
    answer = admin.post("/api/v1/sites", content=content, headers={"Content-Type": kind})
    assert answer.status_code == status, answer.text


def test_a_credential_never_comes_back(api: Api, admin: httpx.Client) -> None:
    secret = "cong-dong-bi-mat-77"
    made = admin.post("/api/v1/credentials", json=EXAMPLES["credentials"].create | {"community": secret})
    assert made.status_code == 201, made.text
    wrong = admin.post("/api/v1/credentials", json={"name": "x", "kind": "snmp_v2c", "community": [secret]})
    for answer in (
        made,
        wrong,
        admin.get("/api/v1/credentials"),
        admin.get("/api/v1/credentials/district"),
        admin.get("/api/v1/changes"),
    ):
        assert secret not in answer.text


def test_a_language_of_the_account_holds_where_the_client_names_none(api: Api) -> None:
    hire(api.books, Role.AUDITOR)
    client = api.signed_in(Role.IT_STAFF)
    del client.headers["Accept-Language"]
    assert client.get("/api/v1/sites/none").json()["title"] == "Không tìm thấy"
    assert client.get("/api/v1/sites/none", headers={"Accept-Language": "en"}).json()["title"] == "Not found"
