"""The page of a device that is read by SNMP or SSH."""

from inventory.access.rights import SYSTEM
from inventory.nouns import NOUNS
from inventory.register import get, update
from tests.api.pages.conftest import Reader
from tests.support.api import Api
from tests.support.rows import add


def book(pages: Api, values: dict[str, object]) -> None:
    add(pages.books, "credentials", name="reads-snmp", kind="snmp_v2c", community="chi-doc")
    version = get(pages.books, SYSTEM, NOUNS["devices"], "vinh-tuy-rt").version
    update(pages.books, SYSTEM, NOUNS["devices"], "vinh-tuy-rt", version, values)


def test_a_device_with_credentials_and_the_usual_ports_has_its_page(pages: Api, reader: Reader) -> None:
    book(pages, {"snmp_credential": "reads-snmp", "ports": {}})
    answer = reader("auditor", "en").get("/devices/vinh-tuy-rt")
    assert answer.status_code == 200
    assert "<dt>SNMP</dt><dd>yes</dd>" in answer.text


def test_a_port_of_its_own_is_told(pages: Api, reader: Reader) -> None:
    book(pages, {"snmp_credential": "reads-snmp", "ports": {"snmp": 1161}})
    assert "port 1161" in reader("auditor", "en").get("/devices/vinh-tuy-rt").text
