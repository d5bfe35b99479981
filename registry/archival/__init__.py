"""PDF/A: what makes a PDF last, and people's files made so before they are numbered and signed."""
