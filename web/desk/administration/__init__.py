"""What an office is made of, kept by administrators: institution, people, departments, lists."""
