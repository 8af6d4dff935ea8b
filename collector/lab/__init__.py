"""A district that is not there: simulated devices which answer real SNMP, ping and HTTP, for the demo and for tests."""
