"""Partner organisations: their API keys, and the webhooks by which they are notified."""
