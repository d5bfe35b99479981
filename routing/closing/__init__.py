"""After the answer: reopened by who is not content, and rated by who was answered."""
