"""Templates of replies: kept in versions, filled in a child process."""
