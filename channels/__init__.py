"""Intake channels: mailbox, watched folder, batches of scans, partner systems."""
