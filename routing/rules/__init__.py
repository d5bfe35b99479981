"""The office's own rules: where letters go and by when they are answered."""
