"""The catalogue: service types as versioned data, their forms, and search over them."""
