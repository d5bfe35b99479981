"""Addressees of replies, and the letters that replies answer."""
