"""Who is on the network: on which port, with which address, at the other end of which cable."""
