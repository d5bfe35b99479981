"""Meter readings by customers: sent with or without an account, and seen in my space."""
