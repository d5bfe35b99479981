"""SQLite, with an entry in the ledger for every write by Django."""
