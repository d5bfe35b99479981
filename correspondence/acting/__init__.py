"""Whose turn a reply is, who may do what with it, and how a change of it is recorded."""
