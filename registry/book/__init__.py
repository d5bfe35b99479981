"""The register as a book: chain, closings, verification, voiding."""
