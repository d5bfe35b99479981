"""Contracts for staff: found, seen with meters, holders and history; imports with their reports."""
