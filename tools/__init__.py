"""What `./sijill` is made of; the office itself never imports it."""
