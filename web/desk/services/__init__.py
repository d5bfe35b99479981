"""The catalogue of services, kept by administrators: its list, a type, its versions."""
