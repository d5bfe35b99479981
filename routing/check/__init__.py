"""The clerk's check of a letter: who has it open, what was decided, how long it took."""
