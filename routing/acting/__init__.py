"""Rights to act on a letter, reasons for refusal, and how an action is recorded."""
