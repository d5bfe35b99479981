"""The register itself: intake, numbers, changes and their seals, access, files, receipts."""
