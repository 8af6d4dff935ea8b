"""What the administrator of the machine does from the command line."""
