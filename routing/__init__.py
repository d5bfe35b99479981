"""To whom a letter goes and by when it is answered."""
