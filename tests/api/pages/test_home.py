"""The home page: what is wrong, what to do first, whom to call, and what is not known."""

import re

from sqlmodel import select

from inventory.access.accounts import Role
from inventory.db import writing
from inventory.network.links import Link
from tests.api.pages.conftest import Reader, browser_of
from tests.support.api import Api


def test_the_worst_thing_stands_first_with_its_first_step_and_whom_to_call(reader: Reader) -> None:
    text = reader("it_staff", "vi").get("/").text
    assert "Có 2 việc cần xử lý" in text
    assert text.index("Đứt đường truyền: Cáp quang trung tâm – Vĩnh Tuy") < text.index("Tín hiệu quang yếu")
    assert "Gọi điện cho điểm ở đầu bên kia" in text
    assert 'href="tel:02193821202"' in text
    assert 'href="tel:0219800126"' in text
    assert '<span class="circuit">VNPT-HGG-1002</span>' in text


def test_the_fault_report_can_be_copied_and_names_circuit_line_and_time(reader: Reader) -> None:
    text = reader("it_staff", "vi").get("/").text
    report = re.search(r'id="report-1">([^<]*)<', text)
    assert report
    assert "Kính gửi VNPT Hà Giang: báo hỏng đường truyền." in report[1]
    assert "Mã kênh: VNPT-HGG-1002" in report[1]
    assert "Tuyến: Huyện Bắc Quang – Thị trấn Vĩnh Tuy" in report[1]
    assert "Nguyễn Văn Minh, 0219 3821 100" in report[1]
    assert 'data-copy="report-1"' in text


def test_a_line_without_a_circuit_says_so_instead_of_showing_nothing(pages: Api, reader: Reader) -> None:
    with writing(pages.books.engine) as session:
        session.exec(select(Link).where(Link.name == "bq-vinh-tuy")).one().circuit = ""
    assert "the books have no circuit id" in reader("it_staff", "en").get("/").text


def test_while_prometheus_is_down_the_page_says_that_it_does_not_know(calm_pages: Api) -> None:
    text = browser_of(calm_pages, "it_staff", "en").get("/").text
    assert "The present state is not known" in text
    assert "Prometheus, the part that keeps the measurements, does not answer." in text
    assert "Everything is working" not in text


def test_what_is_wrong_stays_on_the_page_while_prometheus_is_down(reader: Reader) -> None:
    text = reader("it_staff", "en").get("/").text
    assert "2 things are wrong" in text
    assert "so what follows is what was known last" in text


def test_the_part_that_refreshes_is_not_sent_again_while_nothing_changes(reader: Reader) -> None:
    client = reader("it_staff")
    mark = re.search(r"/home/now\?seen=([0-9a-f]+)", client.get("/").text)
    assert mark
    assert client.get(f"/home/now?seen={mark[1]}").status_code == 204
    client.post("/incidents/1/acknowledge", data={"version": "1"})
    fresh = client.get(f"/home/now?seen={mark[1]}")
    assert fresh.status_code == 200
    assert "kythuat đang xử lý" in fresh.text
    assert fresh.text.lstrip().startswith('<div id="now"')


def test_somebody_who_may_not_write_is_offered_no_button_to_do_so(reader: Reader) -> None:
    assert "/acknowledge" in reader("it_staff").get("/").text
    assert "/acknowledge" not in reader("auditor").get("/").text


def test_an_empty_house_offers_the_first_step(api: Api) -> None:
    client = api.signed_in(Role.ADMINISTRATOR, Accept="text/html")
    text = client.get("/").text
    assert "Nothing is watched yet" in text
    assert 'href="/wizard"' in text
