"""A search as its address says it: read forgivingly for a page, strictly for what is saved."""
