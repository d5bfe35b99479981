"""How passwords are hashed: Argon2id as OWASP's Password Storage Cheat Sheet gives it.

Django's own default for Argon2 takes 100 MB and eight threads a password: more than an office can
give when everybody signs in at eight.
"""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2idHasher(Argon2PasswordHasher):
    """Argon2id, 19 MiB, two passes, one thread: about 20 ms of a processor a password."""

    time_cost = 2
    memory_cost = 19_456  # KiB
    parallelism = 1
