"""SCIM 2.0 for the directory of a big house (RFC 7643, RFC 7644)."""
