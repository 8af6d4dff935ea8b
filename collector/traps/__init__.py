"""SNMP traps and informs: who may send them, what they say, and the polls they trigger."""
