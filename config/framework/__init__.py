"""What Django itself brings, worded and formatted as this office does it."""
