"""Deadlines of letters: rules, calendar, explanation."""
