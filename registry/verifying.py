"""Verification of the register as a job, and its outcome on record as an act."""

from typing import Any, Final

from registry.acts import record_act
from registry.models.acts import Act
from registry.verification import verify_register

ACT: Final = "register_verified"
KEPT: Final = 20  # problems that the act names


def verify_work(_subject: str, progress: Any) -> list[dict[str, str]]:
    """Return the problems of numbers, chains, seals and closings; the files are for the command."""
    done = 0

    def count_up(_what: str, count: int) -> None:
        nonlocal done
        done += count
        progress(done, 0)

    return [problem.as_json() for problem in verify_register(files=False, progress=count_up)]


def save_verified(_subject: str, problems: list[dict[str, str]]) -> None:
    """Record that the register was verified, and what was found."""
    data = {"problems": len(problems), "first": problems[:KEPT]}
    record_act(ACT, actor=None, data=data)


def last_verified() -> Act | None:
    """Return the act of the last verification."""
    return Act.objects.filter(kind=ACT).order_by("-seq").first()
