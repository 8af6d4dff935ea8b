"""Connections and datagrams for the probes of services, bounded in time and size."""
