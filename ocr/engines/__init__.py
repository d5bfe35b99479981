"""What reads letters and digits, behind one contract, and what its confidence means."""
