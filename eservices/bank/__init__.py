"""Banks' applications: the biller API, partners, settlement."""
