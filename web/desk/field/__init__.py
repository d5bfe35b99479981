"""The field team’s sheet on the phone."""
