"""The ledger: one entry for each write of a row that must be provable, in the same transaction.

Entries go to the signer's log, which nobody who has the database alone can rewrite.
"""
