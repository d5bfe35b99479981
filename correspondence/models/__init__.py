"""The tables of correspondence, a module for each noun; Django finds them through this package."""

from correspondence.models import dispatch, drafts, forms, replies, steps

__all__ = ["dispatch", "drafts", "forms", "replies", "steps"]
