"""The tables of understanding; Django finds them through this package."""

from understanding.models import versions

__all__ = ["versions"]
