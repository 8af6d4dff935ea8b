"""Prometheus rules as objects, each with its meaning and first steps in both languages."""
