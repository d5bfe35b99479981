"""The office about itself: its work, calendar, terms, circuits, partners, absences."""
