"""Ways in: mailbox, watched folder, batches of scans, partner systems."""
