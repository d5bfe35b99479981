"""Contracts and meters, imported from the billing system, which stays their master."""
