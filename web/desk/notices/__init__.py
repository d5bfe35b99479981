"""A person's notifications: their page, what they want to be told, pushes, and the live page."""
