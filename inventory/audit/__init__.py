"""What is true, what is missing, what to buy: counting campaigns and what follows from them."""
