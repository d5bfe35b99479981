"""Exports of searches, lists of work and registers: requested, watched, downloaded."""
