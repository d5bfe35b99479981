"""The single window: the catalogue as the citizens' home, a page for each service, embedding."""
