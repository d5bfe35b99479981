"""Outgoing mail, and its signatures."""
