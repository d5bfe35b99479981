"""Payments at the desk: the list, figures, refunds, bank files, direct debits."""
