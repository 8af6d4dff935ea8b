from collector.polling.lateness import PERCENTILES, WINDOW_S, Lateness


def test_percentiles_are_those_of_the_last_minute() -> None:
    lateness = Lateness()
    lateness.add(0.0, 99.0)
    for number in range(100):
        lateness.add(WINDOW_S + number / 100, (number + 1) / 100)
    assert lateness.percentiles(WINDOW_S + 1) == {50: 0.5, 90: 0.9, 99: 0.99, 100: 1.0}


def test_one_start_is_every_percentile_and_none_is_no_percentile() -> None:
    lateness = Lateness()
    assert lateness.percentiles(0.0) == {}
    lateness.add(0.0, 0.25)
    assert lateness.percentiles(1.0) == dict.fromkeys(PERCENTILES, 0.25)
    assert lateness.percentiles(WINDOW_S * 2) == {}
