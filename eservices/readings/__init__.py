"""Meter readings by customers, agents and field teams: rounds, checks, approval, export."""
