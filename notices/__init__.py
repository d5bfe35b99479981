"""Notices: what happened that a person should know, on their page, by mail, by push, and live."""
