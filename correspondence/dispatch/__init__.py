"""Dispatch of registered replies: the delivery methods, the proofs, what is returned."""
