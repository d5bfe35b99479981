"""Engines of the databases, with an entry in the ledger for every write by Django."""
