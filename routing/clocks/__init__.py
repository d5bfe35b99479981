"""By when a letter is answered: rule, calendar, explanation."""
