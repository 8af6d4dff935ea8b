"""SNMP agents: what they are asked, how a conversation with one goes, and what their tables have in common."""
