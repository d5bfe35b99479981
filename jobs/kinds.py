"""The type of a kind of job; each package declares the kinds that it enqueues."""

from enum import StrEnum


class JobKind(StrEnum):
    """Base of every package's kinds of jobs; the value is what the database keeps.

    A kind belongs to the lowest package that names it; `config.kinds` brings all together.
    """
