"""Requests: a letter, the version of its type, the answers, and the stage that it has reached."""
