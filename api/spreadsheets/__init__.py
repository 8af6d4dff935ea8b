"""Files of rows on the pages: those that people bring, kept while they are worked through, and those they take away."""
