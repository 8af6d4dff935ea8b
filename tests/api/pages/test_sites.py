"""The page of a site: what happened there before, and what of the books stands there."""

import re

from tests.api.pages.conftest import Reader


def test_a_site_tells_its_past_incidents_and_how_long_they_lasted(reader: Reader) -> None:
    text = reader("auditor", "en").get("/sites/lien-hiep").text
    assert "Past incidents" in text
    assert "lasted 2 hours" in text
    assert "Past incidents" not in reader("auditor", "en").get("/sites/tan-lap").text


def test_a_site_counts_the_assets_that_its_list_shows(reader: Reader) -> None:
    client = reader("it_staff", "en")
    found = re.search(r'<a href="(/assets\?within=vinh-tuy)">([\d,]+)</a>', client.get("/sites/vinh-tuy").text)
    assert found
    assert found[2] == "1"
    assert client.get(found[1]).text.count('<a class="row-title"') == 1
