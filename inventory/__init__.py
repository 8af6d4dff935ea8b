"""The nouns and the books: what the district has, who holds it, what is wrong now and who is told."""
