"""The citizen's page of a request: it stands on the page of its letter, in the same visit."""
