"""Analysis: the terms under which a letter is indexed, and the keys of names and numbers."""
