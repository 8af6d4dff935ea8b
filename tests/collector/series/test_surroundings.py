"""Where services stand and which devices vouch for the collector's own connection."""

import pytest
from pydantic import ValidationError

from collector.series.exposition import own_series
from collector.series.surroundings import anchors, service_hosts
from collector.target import Graph, Hosted


def test_each_service_and_each_anchor_is_one_series() -> None:
    portal = Hosted(name="portal", site="trung-tam", element="device:web")
    mail = Hosted(name="mail", site="trung-tam", element="site:trung-tam")
    graph = Graph(anchors=("core", "core", "isp"), services=(portal, mail, portal))
    page = b"".join(own_series([*anchors(graph), *service_hosts(graph)]).values()).decode()
    assert page.count("quang_anchor_info{") == 2
    assert 'quang_service_host_info{element="device:web",instance="portal",site="trung-tam"} 1.0' in page
    assert page.count("quang_service_host_info{") == 2


def test_an_empty_graph_has_no_series() -> None:
    assert anchors(Graph()) == []
    assert service_hosts(Graph()) == []


@pytest.mark.parametrize("element", ["", "device:", "link:x", "device:A", "site:a b", "portal"])
def test_a_service_stands_on_a_device_or_a_site(element: str) -> None:
    with pytest.raises(ValidationError):
        Hosted(name="portal", site="s", element=element)
