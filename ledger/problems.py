"""What a verification finds."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem: what is wrong (a stable code), where (row as `app.model/id`), and a message."""

    code: str
    row: str
    detail: str = ""

    def as_json(self) -> dict[str, str]:
        """Return the problem as plain JSON, for `verify_register --json`."""
        return {"code": self.code, "row": self.row, "detail": self.detail}
