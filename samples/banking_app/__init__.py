"""A simulated bank: a program of its own with a page like a banking app, for demo and tests.

It shares no code with the office: it knows the biller API from its contract's text alone.
"""
