"""Pages of the customer-relations centre."""
