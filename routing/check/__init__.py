"""The clerk's check of a letter: who has it, what was decided, how long it took."""
