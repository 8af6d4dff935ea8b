"""When a target is polled, how many at once, and by which process."""
