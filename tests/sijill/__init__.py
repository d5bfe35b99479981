"""The one script, its checks, and what an installation is made of."""
