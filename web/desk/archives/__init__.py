"""Pages of the archives: disposal lists, legal holds, and stubs of letters."""
