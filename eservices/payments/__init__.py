"""Payments: the port to gateways, the counter, bank files, receipts, refunds, the journal."""
