"""Query parsing: what a person typed, as clauses, fields, days and names."""
