"""A letter's page, box by box, and what is done there."""
