"""Drafts other than the reply to one letter: letters that answer none or several, mailings."""
