"""Requests for services at the desk: their list, and the panel on a letter's page."""
