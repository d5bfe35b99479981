"""Child processes in which untrusted files are opened, under limits."""
