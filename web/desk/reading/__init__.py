"""The text of a page beside its picture."""
