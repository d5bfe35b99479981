"""The composition root: settings, addresses, the table of jobs, commands that need everything."""
