"""To whom replies are written, and which letters they answer."""
