"""Opinions: asked of departments beside the one that answers, side by side or in turn."""
