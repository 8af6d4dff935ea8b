"""The limits of the alarms in words."""

import pytest

from alerts.thresholds import THRESHOLDS
from api.views.i18n import Formats
from api.views.limits import written

BY_NAME = {one.name: one for one in THRESHOLDS}


@pytest.mark.parametrize(
    ("name", "value", "vi", "en"),
    [
        ("link_loss_ratio", 0.05, "5 %", "5 %"),
        ("link_loss_ratio", 0.005, "0,5 %", "0.5 %"),
        ("reboot_news_s", 600, "10 phút", "10 minutes"),
        ("lateness_s", 0.5, "0,5 giây", "0.5 s"),
        ("lateness_s", 5, "5 giây", "5 seconds"),
        ("certificate_notice_d", 21, "21 ngày", "21 days"),
        ("heat_celsius", 80, "80 °C", "80 °C"),
        ("optical_drift_db", 2.5, "2,5 dB", "2.5 dB"),
        ("port_errors_count", 1000, "1.000", "1,000"),
        ("traps_dropped_per_s", 10, "10 mỗi giây", "10 a second"),
    ],
)
def test_a_limit_is_written_as_people_say_it(name: str, value: float, vi: str, en: str) -> None:
    assert written(BY_NAME[name], value, Formats("vi")) == vi
    assert written(BY_NAME[name], value, Formats("en")) == en


def test_no_limit_shows_the_name_of_a_unit_that_people_do_not_use() -> None:
    for one in THRESHOLDS:
        for value in (one.low, one.default, one.high):
            assert not written(one, value, Formats("vi")).endswith((" s", " d", "count", "ratio", "1/s"))
