"""Disposal: whose time is over, lists that two people agree on, and their execution."""
