"""Mandates of citizens that wait for the office: the proof is seen, and a person decides."""
