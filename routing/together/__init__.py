"""One action on many letters, all that a list finds: ordered by a person, done by a job."""
