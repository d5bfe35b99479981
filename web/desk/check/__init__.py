"""The clerk's check page."""
