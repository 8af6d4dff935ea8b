"""What the ICMP door is made of: the system calls, the sockets, what leaves together and what comes back."""
