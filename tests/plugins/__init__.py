"""Plugins of the test runs: what is missing, what is flaky, and how a run tells of it."""
