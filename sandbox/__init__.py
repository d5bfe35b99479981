"""Child processes in which files of strangers are opened, started, limited and ended."""
