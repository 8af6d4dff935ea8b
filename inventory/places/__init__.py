"""Where things are and who supplies them."""
