"""Signing in and one's own account: pages on django-allauth, in the office's design."""
