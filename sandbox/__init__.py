"""Child processes in which untrusted files are opened: started, limited and ended."""
