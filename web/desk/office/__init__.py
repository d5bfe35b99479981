"""The office's own pages: its work, calendar, terms, circuits, partners, absences."""
