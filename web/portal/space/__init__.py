"""My space: what a citizen sees of their own requests, letters, drafts, mandates and data."""
