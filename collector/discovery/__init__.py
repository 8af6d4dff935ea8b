"""What is on the network: who is plugged in where, which address is whose, who stands at the other end of a cable."""
