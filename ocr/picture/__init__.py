"""The picture of a page, made fit for reading and measured before it is read."""
