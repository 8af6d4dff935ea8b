"""Between collector and API: roster and leases in, reports out, both stored on disk."""
