"""Duplicate mail: found by an index and linked by people."""
