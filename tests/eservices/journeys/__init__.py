"""Journeys of several people through a request, by the pages, without a browser."""
