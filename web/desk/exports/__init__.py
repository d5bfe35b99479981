"""Exports of searches, lists of work and registers: asked for, watched, downloaded."""
