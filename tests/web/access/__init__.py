"""Who opens what: every address of the office against the kinds of people there are."""
