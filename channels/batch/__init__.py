"""Batches of scans: cut at separator sheets and stickers into letters."""
