"""Citizens: verified contacts, sign-in by one-time code, identity, mandates, their own space."""
