"""What a person typed, read into clauses, fields, days, names and references."""
