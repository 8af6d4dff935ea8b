"""Messages of incidents: short, clear, in the reader's language, and safe whatever stands in the books."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from alerts.rules import RULES
from api.views.i18n import Formats
from api.watch.elements import Subject
from api.watch.messages import MOST_SUBJECT, Piece, calls_of, compose
from inventory.places.providers import Provider
from inventory.places.sites import Site
from inventory.text import LANGUAGES, Language, Text, same
from inventory.watch.firing import News
from inventory.watch.incidents import Incident

T0 = datetime(2018, 12, 3, 1, 2, 3, tzinfo=UTC)
NEAR = Site(id=2, slug="viet-vinh", name="Việt Vinh", kind="commune", contact_name="Bà Hoa", contact_title="Văn phòng",
            contact_phone="0219 111 222")  # fmt: skip
CENTRE = Site(id=1, slug="trung-tam", name="Trung tâm", kind="district")
CARRIER = Provider(id=1, slug="viettel", name="Viettel", hotline="18008119")
LINE = Subject(
    "link:viet-vinh", Text(vi="Đường truyền Việt Vinh – trung tâm", en="Link Việt Vinh – trung tâm"),
    "Việt Vinh – trung tâm", True, NEAR, CENTRE, CARRIER, "HGG-0412",
)  # fmt: skip


def incident(**more: Any) -> Incident:
    values = {
        "id": 7, "rule": "LinkDown", "element": "link:viet-vinh", "severity": "critical", "opened_at": T0,
        "last_fired_at": T0, "hidden_count": 3, "values": {"value_vi": "mất tín hiệu", "bound_vi": "có tín hiệu"},
        "summary_vi": "Đường truyền Việt Vinh – trung tâm bị đứt.", "summary_en": "The link is down.",
    }  # fmt: skip
    return Incident(**(values | more))


def told(news: News, row: Incident, subject: Subject = LINE, language: Language = "vi") -> tuple[str, str, str]:
    message = compose(Piece(news, row, subject), Formats(language), "http://quang.example.vn")
    return message.subject, message.text, message.html


def test_a_cut_is_told_with_everything_that_helps() -> None:
    subject, text, html = told(News.OPENED, incident())
    assert subject == "[ĐỨT CÁP] Đường truyền Việt Vinh – trung tâm"
    for words in (
        "Đường truyền Việt Vinh – trung tâm bị đứt.",
        "Từ lúc: 08:02:03 03/12/2018",
        "Nơi xảy ra: Việt Vinh",
        "Đầu kia: Trung tâm",
        "3 thiết bị phía sau cũng mất liên lạc",
        "Kết quả đo: mất tín hiệu (bình thường: có tín hiệu)",
        "Việc cần làm trước\n1. ",
        "Gọi 0219 111 222: Bà Hoa, Văn phòng (Việt Vinh), hỏi có điện không.",
        "Gọi 18008119 (Viettel), đọc mã kênh HGG-0412.",
        "Xem chi tiết: http://quang.example.vn/incidents/7",
    ):
        assert words in text
        bare = re.sub(r"^[^:]*: |1\. ", "", words).strip() if words.startswith(("Từ", "Nơi", "Đầu", "Kết")) else ""
        assert bare in html
    for step in RULES["LinkDown"].first_steps:
        assert step.vi in text


def test_the_end_says_how_long_it_took_and_asks_nobody_to_do_anything() -> None:
    row = incident(state="resolved", resolved_at=T0 + timedelta(minutes=12, seconds=5))
    subject, text, _ = told(News.RESOLVED, row)
    assert subject == "[ĐÃ KHẮC PHỤC] Đường truyền Việt Vinh – trung tâm"
    assert "đã hoạt động trở lại" in text
    assert "Hết lúc: 08:14:08 03/12/2018" in text
    assert "Kéo dài: 12 phút 5 giây" in text
    assert "Gọi" not in text
    assert "thiết bị phía sau" not in text


def test_a_repeated_cut_is_told_as_such_with_its_own_beginning() -> None:
    row = incident(times=2, last_fired_at=T0 + timedelta(minutes=20))
    subject, text, _ = told(News.REOPENED, row)
    assert subject.startswith("[TÁI DIỄN: ĐỨT CÁP]")
    assert "Số lần xảy ra: 2" in text
    assert "Từ lúc: 08:22:03" in text


def test_the_same_is_told_in_english() -> None:
    subject, text, html = told(News.OPENED, incident(), language="en")
    assert subject == "[LINE CUT] Link Việt Vinh – trung tâm"
    assert "Call 18008119 (Viettel), read out circuit HGG-0412." in text
    assert "What to do first" in html
    assert "Việc cần làm" not in text


def test_what_came_late_says_so() -> None:
    assert "tin này đến muộn" in told(News.OPENED, incident(reconstructed=True))[1]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("rule", sorted(RULES))
@pytest.mark.parametrize("news", list(News))
def test_every_rule_has_a_message_in_each_language(news: News, rule: str, language: Language) -> None:
    bare = Subject(f"device:{rule.lower()}", same("x"), "x")
    row = incident(rule=rule, summary_vi="", summary_en="", values={}, hidden_count=0)
    subject, text, html = told(news, row, bare, language)
    assert subject.startswith("[")
    assert text.strip()
    assert html.lstrip().startswith("<!doctype html>")
    assert "\n\n\n" not in text


def test_a_rule_that_this_version_does_not_know_is_told_by_its_name() -> None:
    row = incident(rule="TapeFull", element="rule:TapeFull", summary_vi="", summary_en="")
    subject, text, _ = told(News.OPENED, row, Subject("rule:TapeFull", same("TapeFull"), "TapeFull"))
    assert subject == "[TAPEFULL] TapeFull"
    assert "Việc cần làm" not in text


def test_without_a_known_number_the_rule_says_whom_to_call() -> None:
    bare = Subject("link:viet-vinh", same("x"), "x", site=CENTRE)
    assert calls_of(incident(), bare) == [RULES["LinkDown"].whom_to_call]


def test_a_carrier_without_a_circuit_is_given_the_ends() -> None:
    subject = Subject("link:x", same("x"), "x", True, None, None, CARRIER, "")
    assert [call.vi for call in calls_of(incident(), subject)] == [
        "Gọi 18008119 (Viettel), nêu tên hai đầu đường truyền."
    ]


def test_the_places_that_are_cut_off_are_named_and_of_many_the_first_ten() -> None:
    def places(*names: str, news: News = News.OPENED) -> str:
        return compose(Piece(news, incident(), LINE, names), Formats("vi"), "http://quang.example.vn").text

    assert "Những nơi mất liên lạc: Đông Thành, Đồng Yên\n" in places("Đông Thành", "Đồng Yên")
    assert "Những nơi" not in places()
    assert "Xã 10 và 2 nơi khác\n" in places(*(f"Xã {number}" for number in range(1, 13)))


def test_nothing_that_stands_in_the_books_becomes_markup_or_a_header() -> None:
    evil = same("<script>alert(1)</script>\r\nBcc: x {0} {name}" + "y" * 300)
    subject, text, html = told(
        News.OPENED, incident(summary_vi="<b>&{x}</b>"), Subject("link:x", evil, evil.vi, True, NEAR)
    )
    assert "<script>" not in html
    assert "<b>&{x}" not in html
    assert "<b>&{x}</b>" in text
    assert "\n" not in subject
    assert len(subject) <= MOST_SUBJECT
