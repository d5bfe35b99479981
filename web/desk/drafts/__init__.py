"""Letters of our own before they are letters: drafts, templates, mailings."""
