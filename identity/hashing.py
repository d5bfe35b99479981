"""How passwords are hashed: Argon2id as OWASP's Password Storage Cheat Sheet gives it.

Django's own default for Argon2 takes 100 MB and eight threads a password: more than an office can
give when everybody signs in at eight.
"""

from collections.abc import Collection

from django.contrib.auth.hashers import (
    Argon2PasswordHasher,
    get_hasher,
    get_hashers,
    identify_hasher,
    is_password_usable,
)


class Argon2idHasher(Argon2PasswordHasher):
    """Argon2id, 19 MiB, two passes, one thread: about 20 ms of a processor a password."""

    time_cost = 2
    memory_cost = 19_456  # KiB
    parallelism = 1


def cost_of_failing(password: str, *, kept: str, held: Collection[str]) -> None:
    """Hash a wrong password by every algorithm of which the office still holds hashes.

    So all user names take the same time, whatever is kept of them, and those that nobody has as
    well: timing reveals none. `kept` is the hash that was compared, "" for none; `held` are the
    algorithms.
    """
    usable = bool(kept) and is_password_usable(kept)
    done = identify_hasher(kept) if usable else get_hasher()
    for hasher in get_hashers():
        if hasher.algorithm in held and hasher.algorithm != done.algorithm:
            hasher.encode(password, hasher.salt())
