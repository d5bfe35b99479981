"""A person's notifications: their page, preferences, pushes, and the live page."""
