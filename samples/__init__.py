"""Sample letters written for the project, and the code that draws and ages them."""
