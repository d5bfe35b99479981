"""Drafts beside the reply to one letter: letters that answer nothing or several, mailings."""
