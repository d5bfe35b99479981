"""Registered replies leave: the ways out, the proofs, what comes back."""
