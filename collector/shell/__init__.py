"""The command line of a device: its sessions, its output, its configuration and secrets."""
