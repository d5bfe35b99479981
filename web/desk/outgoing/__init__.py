"""Mail on its way out, and what signs it."""
