"""Answers to letters: drafted, approved, numbered, on paper."""
