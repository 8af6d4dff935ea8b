"""Probes turn targets into samples; the collector polls, spools and exposes them. It never sees the database."""
