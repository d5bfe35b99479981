"""The picture of a page, preprocessed and measured before it is read."""
