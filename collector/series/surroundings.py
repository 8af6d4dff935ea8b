"""Series about the surroundings of services and of the collector itself, for the rules."""

from collector.metrics import ANCHOR, SERVICE_HOST
from collector.probe import Sample
from collector.series.graph import link_bandwidths, link_ends, upstream
from collector.target import Graph


def graph_series(graph: Graph) -> list[Sample]:
    """Return everything that stands on the page of the graph."""
    return [*upstream(graph), *link_ends(graph), *link_bandwidths(graph), *anchors(graph), *service_hosts(graph)]


def anchors(graph: Graph) -> list[Sample]:
    """Return one `quang_anchor_info` for each device whose answer shows that the collector is connected."""
    return [Sample(ANCHOR, (name,), 1.0) for name in dict.fromkeys(graph.anchors)]


def service_hosts(graph: Graph) -> list[Sample]:
    """Return where each service stands, one `quang_service_host_info` each."""
    hosts = {service.name: service for service in graph.services}
    return [Sample(SERVICE_HOST, (one.name, one.site, one.element), 1.0) for one in hosts.values()]
