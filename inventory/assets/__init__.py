"""Booked things: what they are, who holds them, what they are worth."""
