"""Indexes of meanings: embedded, and in Elasticsearch."""
