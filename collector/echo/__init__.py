"""Inside the ICMP door: system calls, sockets, bursts sent together, and their answers."""
