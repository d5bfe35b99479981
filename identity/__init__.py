"""Who somebody is here: ways to sign in, devices, API tokens, and the record of security events."""
