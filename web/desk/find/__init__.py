"""The search page and what stands around it."""
