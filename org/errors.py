"""Refusals of changes to the organisation, field by field, in words for the person."""

from django.utils.functional import Promise


class LostKeyError(Exception):
    """Raised where a value that no key of the office opens would be written over or sealed."""


class BadOrganisationError(Exception):
    """Raised where a change is refused; `problems` maps a field ("" for none) to a sentence."""

    def __init__(self, problems: dict[str, str | Promise]) -> None:
        self.problems = {name: str(words) for name, words in problems.items()}
        super().__init__(" ".join(self.problems.values()))
