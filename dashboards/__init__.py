"""Grafana boards, generated from the same series and thresholds that the rules use."""
