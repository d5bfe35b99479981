"""Other bodies: their keys, and the webhooks by which they are told."""
