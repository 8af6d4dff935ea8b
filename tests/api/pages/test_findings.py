"""Discovered devices in the browser: settled in one of three ways, and taken back."""

import json
import re
from datetime import timedelta

import httpx
import pytest
from sqlmodel import select

from api.pages import findings
from inventory.assets.assets import Asset
from inventory.columns import now
from inventory.db import writing
from inventory.network.findings import Finding
from inventory.network.observations import Observation, ingest_observations
from tests.api.pages.conftest import Reader
from tests.support.api import Api
from tests.support.makers import need_makers
from tests.support.rows import add_asset


def csrf(page: httpx.Response) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page.text)
    assert found
    return found[1]


def post(client: httpx.Client, path: str, page: str, **values: str) -> httpx.Response:
    shown = client.get(page)
    version = re.search(r'name="version" value="(\d+)"', shown.text)
    data = {"csrf": csrf(shown), "version": version[1] if version else "0", **values}
    return client.post(path, data=data, follow_redirects=False)


def test_the_list_says_what_it_is_and_where_it_is_plugged_in(reader: Reader) -> None:
    page = reader("it_staff", "en").get("/findings").text
    assert "cam-cong-truoc" in page
    assert "Hikvision" in page
    assert "port ether5" in page
    assert "made-up MAC" in page
    assert '<span class="badge">1</span>' in page


@pytest.mark.parametrize("show", ["unknown", "moved", "silent", "links", "decided", "nonsense"])
def test_every_list_is_shown_in_both_languages(reader: Reader, show: str) -> None:
    for language in ("vi", "en"):
        assert reader("auditor", language).get(f"/findings?show={show}").status_code == 200


def test_a_move_names_where_it_was(reader: Reader) -> None:
    page = reader("it_staff", "en").get("/findings?show=moved").text
    assert "port ether7" in page
    assert "cam-cong-truoc" not in page


def test_a_device_is_named_an_asset_and_leaves_the_list(reader: Reader, pages: Api) -> None:
    add_asset(pages.books, "CAM-1", "vinh-tuy", name="Camera cam-cong-truoc", category="camera")
    client = reader("it_staff", "en")
    shown = client.get("/findings/1").text
    assert '<option value="CAM-1">' in shown
    done = post(client, "/findings/1/identify", "/findings/1", asset="CAM-1")
    assert (done.status_code, done.headers["Location"]) == (303, "/findings?done=settled")
    assert "cam-cong-truoc" not in client.get("/findings").text
    assert "CAM-1" in client.get("/findings/1").text
    assert "00:0c:42:1a:2b:3c" in client.get("/assets/CAM-1").text


def test_a_device_is_ignored_for_a_reason_and_taken_back(reader: Reader) -> None:
    client = reader("it_staff", "en")
    refused = post(client, "/findings/1/ignore", "/findings/1", reason=" ")
    assert refused.status_code == 422
    assert post(client, "/findings/1/ignore", "/findings/1", reason="Máy <b>cá nhân</b>").status_code == 303
    assert "Máy &lt;b&gt;cá nhân&lt;/b&gt;" in client.get("/findings?show=decided").text
    assert post(client, "/findings/1/reopen", "/findings/1").status_code == 303
    assert "cam-cong-truoc" in client.get("/findings").text


def test_two_who_decide_at_once_are_told(reader: Reader) -> None:
    client = reader("it_staff", "en")
    token = csrf(client.get("/findings/1"))
    assert post(client, "/findings/1/ignore", "/findings/1", reason="khách").status_code == 303
    late = client.post("/findings/1/ignore", data={"csrf": token, "version": "1", "reason": "khác"})
    assert late.status_code == 412


def test_an_asset_that_is_not_there_is_said_beside_the_field(reader: Reader) -> None:
    answer = post(reader("it_staff", "en"), "/findings/1/identify", "/findings/1", asset="nowhere")
    assert answer.status_code == 422
    assert "There is no asset in the books" in answer.text


def test_what_was_seen_stands_in_the_form_of_a_new_asset(reader: Reader) -> None:
    client = reader("it_staff", "en")
    found = re.search(r'href="(/assets/new\?[^"]+)"', client.get("/findings/1").text)
    assert found
    form = client.get(found[1].replace("&amp;", "&")).text
    assert 'value="00:0c:42:1a:2b:3c"' in form
    assert 'value="Hikvision"' in form


def test_a_suggested_link_is_a_form_with_both_ends(reader: Reader, pages: Api) -> None:
    at = now() - timedelta(hours=1)
    told = json.dumps({"local": "ether5", "name": "vinh-tuy-rt", "port": "<ether1>"})
    seen = Observation(
        source="snmp_neighbours", instance="viet-quang-rt", site="viet-quang", fact="neighbour", subject="ether5 x",
        value=told, first_seen=at, last_seen=at,
    )  # fmt: skip
    with writing(pages.books.engine) as session:
        ingest_observations(session, [seen])
    client = reader("it_staff", "en")
    page = client.get("/findings?show=links").text
    found = re.search(r'href="(/links/new\?[^"]+)"', page)
    assert found
    assert "<ether1>" not in page
    form = client.get(found[1].replace("&amp;", "&")).text
    assert 'value="ether5"' in form
    assert re.search(r'<option value="vinh-tuy-rt"[^>]* selected', form)


def tell_of_a_link(pages: Api, port: str = "ether1") -> None:
    at = now() - timedelta(hours=1)
    told = json.dumps({"local": "ether5", "name": "vinh-tuy-rt", "port": port})
    seen = Observation(
        source="snmp_neighbours", instance="viet-quang-rt", site="viet-quang", fact="neighbour", subject="ether5 x",
        value=told, first_seen=at, last_seen=at,
    )  # fmt: skip
    with writing(pages.books.engine) as session:
        ingest_observations(session, [seen])


@pytest.mark.parametrize("port", ["ether1", '<b>"x"</b> & ổ 0/1'])
def test_a_suggested_link_is_booked_by_one_click_whatever_the_neighbour_calls_its_port(
    reader: Reader, pages: Api, port: str
) -> None:
    tell_of_a_link(pages, port)
    client = reader("it_staff", "en")
    told = {"name": "viet-quang-rt-vinh-tuy-rt", "a_device": "viet-quang-rt", "a_interface": "ether5",
            "b_device": "vinh-tuy-rt", "b_interface": port}  # fmt: skip
    assert "<b>" not in client.get("/findings?show=links").text
    done = post(client, "/findings/links", "/findings?show=links", **told)
    assert (done.status_code, done.headers["Location"]) == (303, "/links/viet-quang-rt-vinh-tuy-rt?done=created")
    assert "ether5" in client.get("/links/viet-quang-rt-vinh-tuy-rt").text
    assert 'action="/findings/links"' not in client.get("/findings?show=links").text


def test_a_link_that_nothing_suggests_is_not_booked_by_a_click(reader: Reader, pages: Api) -> None:
    client = reader("it_staff", "en")
    told = {"name": "made-up", "a_device": "viet-quang-rt", "b_device": "vinh-tuy-rt"}
    done = post(client, "/findings/links", "/findings?show=links", **told)
    assert done.headers["Location"].startswith("/links/new?name=made-up")
    assert client.get("/links/made-up").status_code == 404
    assert post(reader("auditor", "en"), "/findings/links", "/findings", **told).status_code == 403


def test_what_is_silent_says_how_long_its_kind_may_be_away(reader: Reader, pages: Api) -> None:
    add_asset(
        pages.books, "PC-9", "vinh-tuy", name="PC văn thư", category="desktop", mac="00:0c:42:09:09:09",
        status="in_use", put_to_use="2018-01-01", custodian="Bà Hoa",
    )  # fmt: skip
    with writing(pages.books.engine) as session:
        session.exec(select(Asset).where(Asset.tag == "PC-9")).one().created_at -= timedelta(days=60)
        for one in session.exec(select(Finding)):
            one.first_seen -= timedelta(days=60)
    page = reader("it_staff", "en").get("/findings?show=silent").text
    assert "PC văn thư" in page
    assert "desktop computer: at most 21 days" in page
    assert "Bà Hoa" in page
    assert "/findings?show=silent" in reader("commune_staff").get("/findings?show=silent").text


def test_a_thing_without_any_name_is_called_by_the_maker_of_its_network_card(reader: Reader, pages: Api) -> None:
    need_makers()
    with writing(pages.books.engine) as session:
        first = session.exec(select(Finding)).first()
        assert first is not None
        made = first.model_dump(include={"site_id", "first_seen", "last_seen"})
        session.add(Finding(mac="00:1b:a9:01:02:03", address="10.20.9.9", switch="core", port="ether7", **made))
        session.flush()
    shown = reader("it_staff", "en").get("/findings").text
    assert "Brother industries" in shown
    assert "probably a printer" in shown
    assert "có lẽ là máy in" in reader("it_staff").get("/findings").text


def test_staff_of_a_commune_see_theirs_and_decide_nothing(reader: Reader) -> None:
    client = reader("commune_staff", "en")
    assert "cam-cong-truoc" in client.get("/findings").text
    assert "/findings/1/ignore" not in client.get("/findings/1").text
    token = csrf(client.get("/findings"))
    assert client.post("/findings/1/ignore", data={"csrf": token, "reason": "x"}).status_code == 403


@pytest.mark.parametrize("number", ["0", "99", "9999999999"])
def test_a_finding_that_is_not_there_is_not_found(reader: Reader, number: str) -> None:
    assert reader().get(f"/findings/{number}").status_code == 404


def test_a_subnet_is_scanned_when_somebody_asks(reader: Reader) -> None:
    client = reader("it_staff", "en")
    done = post(client, "/subnets/vinh-tuy-lan/scan", "/subnets/vinh-tuy-lan")
    assert (done.status_code, done.headers["Location"]) == (303, "/subnets/vinh-tuy-lan?done=scan")
    assert "Asked for out of turn" in client.get("/subnets/vinh-tuy-lan").text


def test_a_subnet_shows_what_its_sweeps_brought(reader: Reader, pages: Api) -> None:
    client = reader("it_staff", "en")
    shown = client.get("/subnets/vinh-tuy-lan").text
    assert "10.20.2.77" in shown
    assert "none yet" in shown
    at = now() - timedelta(hours=1)
    seen = Observation(
        source="sweep", instance="vinh-tuy-lan", site="vinh-tuy", fact="alive", subject="10.20.2.77", value="ping",
        first_seen=at, last_seen=at,
    )  # fmt: skip
    with writing(pages.books.engine) as session:
        ingest_observations(session, [seen])
    assert "one address" in client.get("/subnets/vinh-tuy-lan").text


def test_a_subnet_is_declared_by_its_form(reader: Reader) -> None:
    client = reader("it_staff", "en")
    values = {"name": "tan-lap-lan", "site": "tan-lap", "cidr": "10.20.7.0/24", "scan": "1", "every_h": "24"}
    done = post(client, "/subnets/new", "/subnets/new", **values)
    assert (done.status_code, done.headers["Location"]) == (303, "/subnets/tan-lap-lan?done=created")
    large = post(client, "/subnets/new", "/subnets/new", **values | {"name": "large", "cidr": "10.64.0.0/16"})
    assert large.status_code == 422
    assert "too large" in large.text


def test_a_list_that_is_cut_off_says_so_before_its_rows(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(findings.LIMITS, "unknown", 1)
    page = reader("it_staff", "en").get("/findings").text
    assert '<span class="badge">1+</span>' in page
    assert page.index("Only the first 1 are shown.") < page.index("cam-cong-truoc")
