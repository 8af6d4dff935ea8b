from collector import metrics
from tests.support.parts import free_port
from tests.support.polling import poll, values
from tests.support.speaker import Speaker


def test_a_terminal_that_waits_for_a_call_is_well() -> None:
    with Speaker(lambda _: (60.0,), listens=False) as terminal:
        result = poll("h323", port=terminal.port)
    assert result.success
    assert ("h323", "connect") in values(result, metrics.SERVICE_PHASE)


def test_what_hangs_up_at_once_is_no_terminal() -> None:
    with Speaker(lambda _: (), listens=False) as firewall:
        assert poll("h323", port=firewall.port).reason == "broken"


def test_a_closed_port_and_a_missing_host_are_failures() -> None:
    assert poll("h323", port=free_port()).reason == "connect"
    assert poll("h323", address=None).detail == "host"
