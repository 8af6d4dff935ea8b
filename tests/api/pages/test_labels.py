"""Labels: sheets with codes that say the tag and nothing to be opened, and words beside them."""

import re

import segno

from api.views.labels import code_of, text_of
from tests.api.pages.conftest import Reader
from tests.support.api import Api
from tests.support.rows import add_asset


def test_a_code_says_the_prefix_and_the_tag_and_is_no_address() -> None:
    assert text_of("TS/2024/001") == "QUANG:TS/2024/001"
    code = segno.make_qr(text_of("TS/2024/001"), error="m", boost_error=False)
    assert code.mode == "alphanumeric"
    assert code.svg_inline(border=4, omitsize=True, lineclass=None, svgclass="code") == code_of("TS/2024/001")
    assert "style=" not in code_of("Máy số 1")


def test_a_sheet_has_twenty_four_labels_a_page_and_leaves_used_ones_out(pages: Api, reader: Reader) -> None:
    tags = [f"TS/{n:03d}" for n in range(30)]
    for tag in tags:
        add_asset(pages.books, tag, "tan-lap", name=f"Máy <{tag}>")
    client = reader("auditor")
    text = client.post("/labels", data={"tag": tags, "sheet": "a4"}).text
    assert (text.count('class="label-page '), text.count('<article class="label">')) == (2, 30)
    assert "Máy &lt;TS/000&gt;" in text
    assert "Xã Tân Lập" in text
    text = client.post("/labels", data={"tags": "\n".join(tags), "sheet": "a4", "skip": "20"}).text
    assert (text.count('class="label-page '), text.count("label-used")) == (3, 20)
    tape = client.post("/labels", data={"tag": tags, "sheet": "tape"}).text
    assert tape.count('class="label-page ') == 30
    assert len(re.findall(r"<svg viewBox=[^>]+class=\"code\"", tape)) == 30


def test_what_does_not_exist_or_belongs_to_others_gets_no_label(pages: Api, reader: Reader) -> None:
    add_asset(pages.books, "FOREIGN", "tan-lap")
    client = reader("commune_staff")
    for tag in ("FOREIGN", "none", ""):
        text = client.get(f"/labels?tag={tag}&sheet=nonsense&skip=99").text
        assert "Chưa chọn tài sản nào" in text
