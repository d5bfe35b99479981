"""Search results exported as files, and the record of who exported them."""
