"""Tests of the customer-relations centre and of field work."""
