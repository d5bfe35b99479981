"""Custody of the paper: taken, handed over, acknowledged, put into a box."""
