"""Benchmark of the reading: Sijill's two speeds against other readers on the same pages."""
