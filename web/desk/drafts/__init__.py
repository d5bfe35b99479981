"""Letters being drafted, templates of replies, and mailings."""
