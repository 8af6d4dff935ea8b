"""Connections and datagrams, bounded in time and octets, from which the probes of services are made."""
