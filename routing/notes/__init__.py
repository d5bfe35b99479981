"""Notes on letters, and the people who are named in them."""
