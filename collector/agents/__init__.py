"""SNMP agents: requests, sessions, and what their tables have in common."""
