"""Benchmarks of the whole office: `./sijill bench NAME`."""
