"""Results taken out of the house as files, and the record of who took them."""
