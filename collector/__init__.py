"""Polls targets, exposes the results to Prometheus and reports to the API. Never uses the database."""
