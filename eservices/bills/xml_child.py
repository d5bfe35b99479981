"""The process in which XML bills are opened: `python -m eservices.bills.xml_child read LIST`.

LIST is a file of paths, one a line. For each document one line of JSON: the bill, or what is wrong.
No Django.
"""

import sys
from pathlib import Path
from typing import Final

from eservices.bills.xml_reading import read
from eservices.bills.xml_rules import BadXmlError, valid
from sandbox.serve import Allowance, Answer, Request, say, serve

# Saxon reserves address space for a heap that it never fills; what counts is `memory_bytes`.
ALLOWANCE: Final = Allowance(
    address_bytes=200_000_000_000, memory_bytes=3_000_000_000, cpu_seconds=3600
)


def read_all(request: Request) -> None:
    """Answer for each document of the list, in its order."""
    for path in Path(request.arguments[0]).read_text("utf-8").splitlines():
        say(_answer(Path(path)))


def _answer(path: Path) -> Answer:
    try:
        return {"bill": read(valid(path.read_bytes()))}
    except BadXmlError as problem:
        return {"code": problem.code, "rule": problem.rule, "words": problem.words}
    except (ArithmeticError, ValueError, OSError) as error:
        return {"code": "xml_broken", "rule": "", "words": type(error).__name__}


if __name__ == "__main__":
    sys.exit(serve({"read": read_all}, allowance=ALLOWANCE, refusals={}))
