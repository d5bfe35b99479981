"""What the machine proposes of a letter: facts, senders, the same mail."""
