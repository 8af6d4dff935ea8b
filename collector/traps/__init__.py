"""Traps and informs: who may send them, what they say, and the poll they cause."""
