"""Opinions requested from departments beside the one that answers, in parallel or in turn."""
