"""What the machine proposes for a letter: facts, senders, the same mail."""
