"""Circuits of visas and signatures that replies walk through before they leave."""
