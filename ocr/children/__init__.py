"""Child processes in which files of strangers are opened, under limits."""
