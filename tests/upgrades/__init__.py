"""Offices of earlier releases, and that today's code takes them over."""
