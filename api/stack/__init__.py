"""`quang up`: the programs of one machine, their files, ports and supervision."""
