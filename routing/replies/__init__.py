"""Answers to letters: drafted, approved, numbered, on paper, sent with proof."""
