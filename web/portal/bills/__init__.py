"""Bills on the web: in my space, as a duplicate without an account, and the statement."""
