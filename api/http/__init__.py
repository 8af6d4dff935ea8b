"""What stands around every request: who asks, bounds, problems, tags, the description."""
