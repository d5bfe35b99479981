"""Custody of the paper: taken, transferred, acknowledged, put into a box."""
