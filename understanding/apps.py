"""What a letter says: its facts, and what is learnt from letters."""

from django.apps import AppConfig


class UnderstandingConfig(AppConfig):
    """Above the register, below routing: reads letters, decides nothing."""

    name = "understanding"
