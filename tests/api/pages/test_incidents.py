"""What people do with an incident."""

import re

from tests.api.pages.conftest import Reader


def test_taking_care_is_noted_with_the_name(reader: Reader) -> None:
    client = reader("it_staff", "en")
    answer = client.post("/incidents/1/acknowledge", data={"version": "1"})
    assert answer.headers["Location"] == "/incidents/1?done=acknowledged"
    text = client.get("/incidents/1").text
    assert "Taken care of" in text
    assert "kythuat" in text


def test_two_people_who_take_care_at_once_hear_of_each_other(reader: Reader) -> None:
    reader("it_staff").post("/incidents/1/acknowledge", data={"version": "1"})
    late = reader("administrator", "en").post("/incidents/1/acknowledge", data={"version": "1"})
    assert late.status_code == 412
    assert "Somebody else has just changed this" in late.text


def test_note_ticket_and_cause_stand_in_the_timeline(reader: Reader) -> None:
    client = reader("it_staff", "en")
    assert client.post("/incidents/1/note", data={"note": "Cây đổ ở km 12\nđã báo"}).status_code == 303
    assert client.post("/incidents/1/ticket", data={"ticket": "HN-778", "version": "2"}).status_code == 303
    assert client.post("/incidents/1/cause", data={"cause": "Cây đổ", "version": "3"}).status_code == 303
    text = client.get("/incidents/1").text
    assert "Cây đổ ở km 12\nđã báo" in text
    assert "Ticket at the carrier: HN-778" in text
    assert "Cause: Cây đổ" in text


def test_a_stale_ticket_shows_what_is_stored_and_keeps_what_was_typed(reader: Reader) -> None:
    client = reader("it_staff", "en")
    client.post("/incidents/1/ticket", data={"ticket": "HN-1", "version": "1"})
    answer = client.post("/incidents/1/ticket", data={"ticket": "HN-2", "version": "1"})
    assert answer.status_code == 412
    assert "Stored now: HN-1" in answer.text
    assert 'value="HN-2"' in answer.text


def test_an_empty_or_endless_note_is_refused_at_its_field(reader: Reader) -> None:
    client = reader("it_staff", "en")
    assert "Write a few words." in client.post("/incidents/1/note", data={"note": "  "}).text
    long = client.post("/incidents/1/note", data={"note": "a" * 1001})
    assert (long.status_code, "At most 1000 characters" in long.text) == (422, True)


def test_on_paper_ticket_and_cause_stand_as_text_and_not_as_an_empty_form(reader: Reader) -> None:
    client = reader("it_staff", "en")
    client.post("/incidents/1/ticket", data={"ticket": "HN-778", "version": "1"})
    text = client.get("/incidents/1").text
    assert '<dl class="facts d-none d-print-block"><dt>Ticket</dt><dd>HN-778</dd>' in text
    assert '<dl class="facts"><dt>Ticket</dt><dd>HN-778</dd>' in reader("auditor", "en").get("/incidents/1").text


def test_an_incident_names_the_places_that_are_cut_off_behind_it(reader: Reader) -> None:
    text = reader("it_staff", "en").get("/incidents/1").text
    named = re.search(r"<dt>Places cut off</dt><dd>(.*?)</dd>", text)
    assert named
    assert '<a href="/sites/vinh-tuy">' in named[1]


def test_what_is_over_stands_under_all_and_tells_how_long_it_lasted(reader: Reader) -> None:
    client = reader("auditor", "vi")
    assert "Xã Liên Hiệp" not in client.get("/incidents").text
    text = client.get("/incidents?state=all").text
    assert "Mất liên lạc toàn bộ điểm: Xã Liên Hiệp" in text
    assert "2 giờ" in text


def test_a_number_that_is_none_has_no_page(reader: Reader) -> None:
    client = reader("auditor")
    assert client.get("/incidents/999").status_code == 404
    assert client.get("/incidents/abc").status_code == 422
    assert client.post("/incidents/1/whatever", data={}).status_code == 404
