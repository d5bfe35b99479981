"""Thin: a view parses, calls one function, answers."""
