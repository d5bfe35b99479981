"""Pages of personal data: people found, print-outs, rectifications."""
