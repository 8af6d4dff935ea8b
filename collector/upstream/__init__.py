"""What goes between the collector and the API: roster and leases down, reports up, both through the disk."""
