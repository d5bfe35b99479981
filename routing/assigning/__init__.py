"""Assignment of letters to departments: one or several at once, by lists, in bulk."""
