"""The catalogue of series: the only place where the name of a series is written.

Rules and boards build their expressions from these objects, so a name or a label that no collector exposes fails at
import instead of silencing an alert. Names follow the exporter that defined them first (snmp_exporter's `if_mib` and
`system` modules, blackbox_exporter); the prefix `quang_` marks those that no exporter defines.

Every series of a target carries `instance` and `site` before the labels listed here.
"""

import re
from typing import Final

from collector.hardware_metrics import *  # noqa: F403 - the families of hosts, sensors, power supplies and printers
from collector.metric import TARGET_LABELS as TARGET_LABELS  # noqa: PLC0414 - others take it from here
from collector.metric import Kind
from collector.metric import Metric as Metric  # noqa: PLC0414 - others take it from here

_PORT: Final = ("ifIndex", "ifName", "ifDescr", "ifAlias")
_OPTIC: Final = ("ifIndex", "ifName", "lane")


def _port(name: str, what: str, kind: Kind = "counter") -> Metric:
    return Metric(name, f"{what} - IF-MIB {name}", kind, _PORT)


# -- every probe -------------------------------------------------------------------------------------------------------
PROBE_SUCCESS: Final = Metric("probe_success", "Whether the last run of the probe succeeded", labels=("probe",))
PROBE_DURATION: Final = Metric("probe_duration_seconds", "How long the last run of the probe took", labels=("probe",))
PROBE_FAILURE: Final = Metric(
    "quang_probe_failure_info",
    "Why the last run failed, as a stable code; absent while it succeeds",
    labels=("probe", "reason"),
)

# -- icmp --------------------------------------------------------------------------------------------------------------
ICMP_DURATION: Final = Metric(
    "probe_icmp_duration_seconds", "Round trip of the last burst by phase (rtt: mean)", labels=("phase",)
)
ICMP_LOSS: Final = Metric("quang_icmp_loss_ratio", "Share of echo requests of the last burst without an answer, 0 to 1")
ICMP_RTT_MIN: Final = Metric("quang_icmp_rtt_min_seconds", "Shortest round trip of the last burst")
ICMP_RTT_MAX: Final = Metric("quang_icmp_rtt_max_seconds", "Longest round trip of the last burst")
ICMP_JITTER: Final = Metric(
    "quang_icmp_jitter_seconds",
    "Mean difference of consecutive round trips of the last burst (RFC 3550 without smoothing)",
)
ICMP_SENT: Final = Metric("quang_icmp_sent_total", "Echo requests sent since the collector started", "counter")
ICMP_LOST: Final = Metric(
    "quang_icmp_lost_total", "Echo requests without an answer since the collector started", "counter"
)

# -- snmp_link, snmp_interfaces ----------------------------------------------------------------------------------------
IF_OPER_STATUS: Final = _port("ifOperStatus", "Operational state: 1 up, 2 down, 7 lowerLayerDown", "gauge")
IF_ADMIN_STATUS: Final = _port("ifAdminStatus", "Wanted state: 1 up, 2 down, 3 testing", "gauge")
IF_HC_IN_OCTETS: Final = _port("ifHCInOctets", "Octets received")
IF_HC_OUT_OCTETS: Final = _port("ifHCOutOctets", "Octets sent")
IF_HIGH_SPEED: Final = _port("ifHighSpeed", "Speed in units of 1,000,000 bit/s", "gauge")
IF_IN_ERRORS: Final = _port("ifInErrors", "Received packets with errors")
IF_OUT_ERRORS: Final = _port("ifOutErrors", "Packets not sent because of errors")
IF_IN_DISCARDS: Final = _port("ifInDiscards", "Received packets dropped without an error")
IF_OUT_DISCARDS: Final = _port("ifOutDiscards", "Packets to send dropped without an error")
IF_MTU: Final = _port("ifMtu", "Largest packet in octets", "gauge")
IF_LAST_CHANGE: Final = _port("ifLastChange", "sysUpTime in 0.01 s at the last change of state", "gauge")
DUPLEX: Final = Metric(
    "dot3StatsDuplexStatus",
    "Duplex that the port runs at: 2 half, 3 full; absent when unknown - EtherLike-MIB dot3StatsDuplexStatus",
    labels=_PORT,
)

# -- snmp_system -------------------------------------------------------------------------------------------------------
SYS_UP_TIME: Final = Metric("sysUpTime", "Time since the agent started, in 0.01 s - SNMPv2-MIB sysUpTime")
SYS_INFO: Final = Metric(
    "quang_device_info",
    "What the device says of itself, always 1",
    labels=("sysName", "sysDescr", "sysObjectID"),
)

# -- snmp_optics -------------------------------------------------------------------------------------------------------
OPTICAL_RX: Final = Metric("quang_optical_rx_dbm", "Received optical power in dBm; absent when unknown", labels=_OPTIC)
OPTICAL_TX: Final = Metric("quang_optical_tx_dbm", "Sent optical power in dBm; absent when unknown", labels=_OPTIC)
OPTICAL_FAR_RX: Final = Metric(
    "quang_optical_far_rx_dbm",
    "Received optical power in dBm that the far end tells of itself, as a terminal does to its OLT",
    labels=_OPTIC,
)
OPTICAL_THRESHOLD: Final = Metric(
    "quang_optical_threshold_dbm",
    "Limit in dBm. direction: rx|tx; level: alarm_low|warn_low|warn_high|alarm_high; source: module|operator",
    labels=("ifIndex", "ifName", "direction", "level", "source"),
)
OPTICAL_TEMPERATURE: Final = Metric(
    "quang_optical_temperature_celsius", "Temperature of the optical module", labels=_OPTIC
)
OPTICAL_PRESENT: Final = Metric(
    "quang_optical_module_present",
    "1 if the port has an optical module that reports, 0 if the module is missing",
    labels=("ifIndex", "ifName"),
)
OPTICAL_BASELINE: Final = Metric(
    "quang_optical_baseline_rx_dbm",
    "Accepted received power of a link's end after commissioning or repair",
    labels=("link", "ifName"),
)

# -- http, tcp ---------------------------------------------------------------------------------------------------------
HTTP_STATUS: Final = Metric("probe_http_status_code", "Status of the last answer, 0 if none")
HTTP_DURATION: Final = Metric(
    "probe_http_duration_seconds",
    "Time by phase: resolve, connect, tls, processing, transfer",
    labels=("phase",),
)
HTTP_CONTENT_LENGTH: Final = Metric("probe_http_uncompressed_body_length", "Octets of the body that were read")
HTTP_REDIRECTS: Final = Metric("probe_http_redirects", "Redirects followed")
HTTP_SSL: Final = Metric("probe_http_ssl", "1 if the last hop was TLS")
HTTP_VERSION: Final = Metric("probe_http_version", "Version of HTTP that the last hop spoke: 1.0, 1.1 or 2")
SSL_EXPIRY: Final = Metric(
    "probe_ssl_earliest_cert_expiry", "Unix time at which the first certificate of the chain expires"
)
SERVICE_PHASE: Final = Metric(
    "quang_service_phase_duration_seconds",
    "Time by phase: resolve, connect, tls, greeting, talk, request",
    labels=("probe", "phase"),
)
DNS_ANSWERS: Final = Metric("probe_dns_answer_rrs", "Records in the answer section (RFC 1035)")
DNS_AUTHORITIES: Final = Metric("probe_dns_authority_rrs", "Records in the authority section (RFC 1035)")
DNS_ADDITIONALS: Final = Metric("probe_dns_additional_rrs", "Records in the additional section (RFC 1035)")
DNS_SERIAL: Final = Metric("probe_dns_serial", "Serial number of the zone, where SOA was asked for")
NTP_OFFSET: Final = Metric(
    "quang_ntp_offset_seconds", "How far the server's clock is ahead of the collector's (RFC 5905 theta)"
)
NTP_DELAY: Final = Metric("quang_ntp_delay_seconds", "Round trip without the server's own time (RFC 5905 delta)")
NTP_STRATUM: Final = Metric("quang_ntp_stratum", "Distance of the server from its reference clock, 1 to 15")
NTP_ROOT_DISPERSION: Final = Metric(
    "quang_ntp_root_dispersion_seconds", "How wrong the server's clock may be, by its own word (RFC 5905)"
)
SIP_STATUS: Final = Metric("quang_sip_status_code", "Status of the final answer to OPTIONS (RFC 3261)")
SERVICE_HOST: Final = Metric(
    "quang_service_host_info",
    "On which device or behind which site a service stands; always 1",
    labels=("instance", "site", "element"),
    of_target=False,
)

# -- ssh_facts, ssh_config ---------------------------------------------------------------------------------------------
DEVICE_UPTIME: Final = Metric("quang_device_uptime_seconds", "Time since the device started, as its command line says")
FACTS_READ: Final = Metric(
    "quang_facts_read_timestamp_seconds", "Unix time at which the facts of the device were read by its command line"
)
CONFIG_READ: Final = Metric(
    "quang_configuration_read_timestamp_seconds", "Unix time at which the whole configuration was read"
)
CONFIG_LINES: Final = Metric("quang_configuration_lines", "Lines of the configuration that do not change by themselves")

# -- the graph, for suppression ----------------------------------------------------------------------------------------
UPSTREAM: Final = Metric(
    "quang_upstream_info",
    "For each member one via per neighbour that still reaches the root without it: the via's elements; always 1",
    labels=("member", "via", "element"),
    of_target=False,
)
LINK_END: Final = Metric(
    "quang_link_end_info",
    "Where the state of a link's end is read; always 1",
    labels=("link", "instance", "ifName"),
    of_target=False,
)

LINK_BANDWIDTH: Final = Metric(
    "quang_link_bandwidth_bps", "Contracted bit/s of a link; absent when unknown", labels=("link",), of_target=False
)
ANCHOR: Final = Metric(
    "quang_anchor_info",
    "Device whose answer shows that the collector itself is connected: the scope's roots; always 1",
    labels=("instance",),
    of_target=False,
)

# -- discovery: snmp_arp, snmp_fdb, snmp_neighbours, sweep -------------------------------------------------------------
DISCOVERY_ROWS: Final = Metric(
    "quang_discovery_rows",
    "Usable rows of a table that tells who is on the network. table: arp, fdb, neighbours, vlans (tables of one)",
    labels=("table",),
)
SWEEP_HOSTS: Final = Metric(
    "quang_sweep_hosts",
    "Addresses of a subnet at the last sweep; instance is the subnet. state: answering, silent",
    labels=("state",),
)

# -- the collector itself ----------------------------------------------------------------------------------------------
COLLECTOR_BUILD: Final = Metric("quang_build_info", "Version; always 1", labels=("version",), of_target=False)
COLLECTOR_ROSTER_AGE: Final = Metric(
    "quang_collector_roster_age_seconds",
    "Seconds since the roster was last confirmed by the API",
    of_target=False,
)
COLLECTOR_TARGETS: Final = Metric("quang_collector_targets", "Targets polled now", labels=("probe",), of_target=False)
COLLECTOR_LATENESS: Final = Metric(
    "quang_collector_schedule_lateness_seconds",
    "How late polls started, by percentile of the last minute",
    labels=("percentile",),
    of_target=False,
)
COLLECTOR_POLLS: Final = Metric(
    "quang_collector_polls_total", "Polls finished", "counter", ("probe", "outcome"), of_target=False
)
COLLECTOR_SKIPPED: Final = Metric(
    "quang_collector_polls_skipped_total",
    "Polls dropped. cause: running (the one before had not ended), stalled (the collector itself was held up)",
    "counter",
    ("probe", "cause"),
    of_target=False,
)
COLLECTOR_RUNNING: Final = Metric("quang_collector_polls_running", "Polls under way", of_target=False)
COLLECTOR_REFUSED_TARGETS: Final = Metric(
    "quang_collector_targets_refused",
    "Targets that are not polled: not understood, without their credential, or the collector itself cannot ask them",
    of_target=False,
)
COLLECTOR_SITES: Final = Metric("quang_collector_sites", "Sites polled and exposed now", of_target=False)
COLLECTOR_API_UP: Final = Metric(
    "quang_collector_api_up", "1 if the API granted the last renewal of the leases, else 0", of_target=False
)
COLLECTOR_SPOOL_ROWS: Final = Metric(
    "quang_collector_spool_rows", "Reports that wait on disk for the API", of_target=False
)
COLLECTOR_SPOOL_DROPPED: Final = Metric(
    "quang_collector_spool_dropped_total",
    "Reports lost: the spool was full or damaged, or the API refused them",
    "counter",
    of_target=False,
)
COLLECTOR_DUPLICATES: Final = Metric(
    "quang_collector_duplicate_series_total",
    "Samples dropped because another sample has the same labels",
    "counter",
    ("probe",),
    of_target=False,
)
COLLECTOR_REFUSED: Final = Metric(
    "quang_collector_samples_refused_total",
    "Samples dropped because they were no finite number, had the wrong labels or were too many",
    "counter",
    ("probe",),
    of_target=False,
)
COLLECTOR_PAGE_SERIES: Final = Metric("quang_collector_series", "Series exposed now", labels=("page",), of_target=False)

TRAP_LISTENING: Final = Metric(
    "quang_trap_listening", "Whether this collector takes traps; absent where nobody asked it to", of_target=False
)
TRAP_TAKEN: Final = Metric(
    "quang_trap_taken_total",
    "Traps and informs that were decoded and trusted",
    "counter",
    ("version", "kind"),
    of_target=False,
)
TRAP_DROPPED: Final = Metric(
    "quang_trap_dropped_total",
    "Traps and informs that were not taken. reason: unknown_source, source_rate, total_rate, oversized, malformed,"
    " wrong_credential, unknown_engine, out_of_time, no_notification, discovery (an inform's first question)",
    "counter",
    ("reason",),
    of_target=False,
)
TRAP_ANSWERED: Final = Metric(
    "quang_trap_answered_total", "Informs acknowledged, and v3 reports sent", "counter", of_target=False
)
TRAP_POLLS: Final = Metric(
    "quang_trap_polls_total",
    "What traps caused. outcome: polled (at once, out of turn), held (that device was polled within the second)",
    "counter",
    ("outcome",),
    of_target=False,
)

# -- the API itself ----------------------------------------------------------------------------------------------------
API_REQUESTS: Final = Metric(
    "quang_api_requests_total", "Requests answered", "counter", ("route", "method", "status"), of_target=False
)
API_REQUEST_SECONDS: Final = Metric(
    "quang_api_request_seconds_total",
    "Seconds spent answering",
    "counter",
    ("route", "method"),
    of_target=False,
)
INCIDENTS_OPEN: Final = Metric("quang_incidents_open", "Open incidents", labels=("severity",), of_target=False)
OUTBOX_WAITING: Final = Metric(
    "quang_outbox_waiting", "Messages not yet delivered", labels=("channel",), of_target=False
)
OUTBOX_OLDEST: Final = Metric("quang_outbox_oldest_seconds", "Age of the oldest undelivered message", of_target=False)
COLLECTOR_LAST_SEEN: Final = Metric(
    "quang_collector_last_seen_timestamp_seconds",
    "Unix time of the last lease renewal of a collector",
    labels=("collector", "scope"),
    of_target=False,
)
ASSETS: Final = Metric("quang_assets", "Booked assets", labels=("site", "category", "status"), of_target=False)
UNKNOWN_DEVICES: Final = Metric(
    "quang_unknown_devices",
    "Things seen on the network within 30 days that nothing in the books explains; made-up MACs do not count",
    labels=("site",),
    of_target=False,
)
SILENT_DEVICES: Final = Metric(
    "quang_silent_devices",
    "Assets in use and devices that nothing on the network has seen for longer than their kind may be away",
    labels=("site",),
    of_target=False,
)
STOCKTAKE_LINES: Final = Metric(
    "quang_stocktake_lines",
    "Things on the lists of stocktakes that go on now. state: counted or left",
    labels=("site", "state"),
    of_target=False,
)

CONFIG_SAVED: Final = Metric(
    "quang_configuration_saved_timestamp_seconds",
    "Unix time of the last copy of a configuration; while there is none, of the device's last change in the books",
    labels=("device", "site"),
    of_target=False,
)
CONFIG_CHANGED: Final = Metric(
    "quang_configuration_changed_timestamp_seconds",
    "Unix time at which a copy last differed from the one before; absent while there was no such copy",
    labels=("device", "site"),
    of_target=False,
)

# -- what Prometheus and Alertmanager say of themselves ----------------------------------------------------------------
UP: Final = Metric("up", "Whether Prometheus could read the page", labels=("instance",), of_target=False)
ALERTS: Final = Metric(
    "ALERTS",
    "An alert that is pending or firing; always 1",
    labels=("alertname", "alertstate", "element", "site", "severity"),
    of_target=False,
)
NOTIFICATIONS_FAILED: Final = Metric(
    "alertmanager_notifications_failed_total",
    "Deliveries that Alertmanager gave up",
    "counter",
    ("integration",),
    of_target=False,
)

CATALOGUE: Final[tuple[Metric, ...]] = tuple(value for value in list(globals().values()) if isinstance(value, Metric))
"""Every family, in the order written above."""

BY_NAME: Final[dict[str, Metric]] = {metric.name: metric for metric in CATALOGUE}

UPSTREAM_NAMES: Final = frozenset(
    metric.name for metric in CATALOGUE if any(re.search("[a-z][A-Z]", name) for name in (metric.name, *metric.labels))
)
"""Families whose own name or a label's name (`ifName`, `sysDescr`) stays as the MIB and other exporters spell it.

Prometheus' linter complains about these and about no other.
"""
