"""The customer-relations centre and field work: calls, call-backs, shifts, work orders."""
