"""Programs behind `./sijill`; the office itself never imports them."""
