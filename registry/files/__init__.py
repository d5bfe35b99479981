"""The vault, what is allowed into it, and files made from documents."""
