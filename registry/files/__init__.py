"""The vault, the checks on files that enter it, and files made from documents."""
