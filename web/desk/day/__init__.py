"""My day: what waits for a person, by their duty."""
