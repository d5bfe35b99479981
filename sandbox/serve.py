"""The main function of a program that runs as a confined child: limits, walls, one command."""

from __future__ import annotations

import json
import os
import socket
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any, BinaryIO, Final

from sandbox.limits import confine, die_with_parent, more_cpu
from sandbox.walls import build_walls, planned

Answer = dict[str, Any]
_MOST_ASKED: Final = 65_536  # bytes of a question that comes with a file


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a command may use, in bytes and seconds of processor time; None: no limit of its own."""

    address_bytes: int
    memory_bytes: int | None = None
    file_bytes: int | None = None
    cpu_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """A request of the parent: the arguments after the command's name, and the parent's pipe."""

    arguments: Sequence[str]
    pipe: IO[bytes]


# A command prints its output itself, or returns one answer to be printed as a line of JSON.
Command = Callable[[Request], Answer | None]


def serve(
    commands: Mapping[str, Command],
    *,
    allowance: Allowance | Callable[[Sequence[str]], Allowance],
    refusals: Mapping[type[Exception], Callable[[Any], Answer]],
) -> int:
    """Run the command that the first argument names, within walls; return the exit status 0.

    An error is answered by {"event": "error", "code": …, "detail": …}: as `refusals` maps its type,
    else by too_large for lack of memory, else by damaged and its class alone, since its message may
    quote the file.
    """
    name, *arguments = sys.argv[1:]
    pipe = die_with_parent()
    limits = allowance if isinstance(allowance, Allowance) else allowance(arguments)
    confine(
        address_bytes=limits.address_bytes,
        memory_bytes=limits.memory_bytes,
        file_bytes=limits.file_bytes,
    )
    if limits.cpu_seconds is not None:
        more_cpu(limits.cpu_seconds)
    build_walls(planned())
    try:
        answer = commands[name](Request(arguments, pipe))
    except Exception as error:
        answer = _refusal(error, refusals)
    if answer is not None:
        say(answer)
    return 0


def handed(pipe: IO[bytes]) -> Iterator[tuple[Any, BinaryIO]]:
    """Yield each request with the open file that came with it, until the parent is gone.

    A first line reports to the parent that this child has started.
    """
    say({"ready": True})
    with socket.socket(fileno=os.dup(pipe.fileno())) as line:
        while True:
            said, files, _flags, _address = socket.recv_fds(line, _MOST_ASKED, 1)
            if not said or len(files) != 1:
                return
            with os.fdopen(files[0], "rb") as file:
                yield json.loads(said), file


def say(answer: Answer) -> None:
    """Write one line of JSON to the parent."""
    sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False).encode() + b"\n")
    sys.stdout.buffer.flush()


def _refusal(
    error: Exception, refusals: Mapping[type[Exception], Callable[[Any], Answer]]
) -> Answer:
    said = {"code": "damaged", "detail": type(error).__name__}
    if isinstance(error, MemoryError):
        said = {"code": "too_large", "detail": "no memory"}
    for kind, answer in refusals.items():
        if isinstance(error, kind):
            said = answer(error)
    return {"event": "error", **said}
