"""Web pages and API: a view parses, calls one function, answers."""
