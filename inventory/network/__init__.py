"""Places on the network, the lines between them, and what was seen of them."""
