"""Notes on letters, and the people who are mentioned in them."""
