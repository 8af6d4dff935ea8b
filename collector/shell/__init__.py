"""What is made of the command line of a device: its screens, its configuration, its secrets."""
