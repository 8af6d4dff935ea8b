"""Copies of devices' configurations: sealed, one file a device in a git repository, shown only with secrets hidden."""
