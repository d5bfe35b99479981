"""Help inside the product: a short illustrated guide for each duty."""
