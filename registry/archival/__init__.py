"""PDF/A: its requirements, and the conversion of uploads before they are numbered and signed."""
