"""The process that checks deposited files: `python -m registry.files.checking serve`.

It stays, and answers a line for each open file that it is given. No Django.
"""

import sys
from dataclasses import asdict
from typing import Final

from registry.files.judging import Most, judge
from registry.files.kinds import RefusedError
from sandbox.limits import more_cpu
from sandbox.serve import Allowance, Answer, Request, handed, say, serve

_ALLOWANCE: Final = Allowance(
    address_bytes=2_048_000_000, memory_bytes=400_000_000, file_bytes=1_000_000
)
_CPU_SECONDS: Final = 20.0  # for one file


def judge_all(request: Request) -> None:
    """Answer for each file until the parent is gone."""
    for question, file in handed(request.pipe):
        more_cpu(_CPU_SECONDS)
        most = Most(pages=question["pages"], pixels=question["pixels"])
        try:
            answer: Answer = asdict(judge(file, name=question["name"], most=most))
        except RefusedError as refused:
            answer = {"refused": refused.code}
        except MemoryError:
            return  # it may hold what it cannot free: the next file gets another
        except Exception:  # whatever a library raises on hostile bytes
            answer = {"refused": "damaged"}
        say(answer)


if __name__ == "__main__":
    sys.exit(serve({"serve": judge_all}, allowance=_ALLOWANCE, refusals={}))
