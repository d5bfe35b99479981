"""The register's proof outside the database: checkpoints of the log, and where they are kept."""
