"""After the answer: reopening of the letter and rating by its sender."""
