"""A read page beside its picture."""
