"""Meter readings at the desk: decided on, written down for callers, rounds, exported."""
