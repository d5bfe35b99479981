"""Semantic search across languages: vectors, their index, nearest letters."""
