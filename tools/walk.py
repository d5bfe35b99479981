"""`python -m tools.walk signature|dispatch [--way]`: how far one act walks through the house.

It signs, or sends, one reply in an office of its own (SQLite in a folder that is removed) and
follows which functions of the project run. Counted are the functions and methods of `PACKAGES` in
the order in which each is first entered, as somebody reads who follows the act through the code;
comprehensions, lambdas and module bodies are no functions, and machinery that Django would have
inside (kept SQL, enciphered columns, spans) is passed by like Django itself. A *room* is a module
(a file) with such a function. A *return* is a step from one room back into one that the way has
been through before.
`--way` prints the way itself. The second line counts only the rooms that the act is made of
(`OWN`), the first also the registration of a letter, people and jobs below them.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from correspondence.models.replies import Reply

ROOT: Final = Path(__file__).resolve().parent.parent
OWN: Final = ("correspondence", "routing")
PACKAGES: Final = (*OWN, "registry", "org", "jobs")
MACHINERY: Final = {"org.compiled_queries", "org.columns", "org.keys", "jobs.tracing"}
Step = tuple[str, str]  # the module and the function in it


@dataclass(frozen=True, slots=True)
class Counted:
    """How many rooms a way has, and how often it comes back to one of them."""

    rooms: int
    returns: int


def counted(way: Iterable[Step], *, packages: Iterable[str] = PACKAGES) -> Counted:
    """Count the rooms and returns of a way, of these packages alone."""
    within = set(packages)
    rooms: set[str] = set()
    returns, last = 0, ""
    for room, _function in way:
        if room.partition(".")[0] not in within:
            continue
        returns += room != last and room in rooms
        rooms.add(room)
        last = room
    return Counted(len(rooms), returns)


def walked(act: Callable[[], object]) -> list[Step]:
    """Do the act; return the project's functions in the order in which each was first entered."""
    way: dict[Step, None] = {}

    def follow(frame: FrameType, event: str, _argument: Any) -> None:
        if event == "call" and (step := _step(frame)):
            way.setdefault(step)

    outer = sys.getprofile()
    sys.setprofile(follow)
    try:
        act()
    finally:
        sys.setprofile(outer)
    return list(way)


def _step(frame: FrameType) -> Step | None:
    code = frame.f_code
    if "<" in code.co_qualname.rpartition(".")[2]:  # <module>, <lambda>, <listcomp>…
        return None
    path = Path(code.co_filename)
    if not path.is_relative_to(ROOT):
        return None
    room = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    if room in MACHINERY or room.partition(".")[0] not in PACKAGES:
        return None
    return room, code.co_qualname


def act_of(name: str) -> Callable[[], object]:
    """Return the act, with all that comes before it done: a reply that waits for it."""
    from org.models import User

    if name == "signature":
        from correspondence.replies.circuit import sign_reply

        reply = _approved_reply(signed=True)
        return lambda: sign_reply(reply, actor=User.objects.get(username="direction"))
    from correspondence.dispatch.sending import send_reply

    reply = _approved_reply(signed=False)
    author = User.objects.get(username="badr")
    return lambda: send_reply(reply, actor=author, method="email", address="client@example.org")


def _approved_reply(*, signed: bool) -> "Reply":
    """Return an approved reply of text to a letter; `signed`: its circuit ends in a signature."""
    from correspondence.models.replies import Reply
    from correspondence.replies import circuit, drafting
    from correspondence.replies.editing import CircuitData, StepData, save_circuit
    from org.models import Department, User
    from registry.intake import LetterData, PartyData, receive_letter
    from routing.assigning.giving import assign
    from routing.inbox.assignments import accept

    people = {user.username: user for user in User.objects.all()}
    if signed:
        steps = (StepData(1, "visa", "head"), StepData(2, "signature", "director"))
        named = CircuitData(name_ar="مسطرة", name_fr="Circuit", name_en="Circuit", steps=steps)
        save_circuit(named, actor=people["admin"])
    sender = PartyData("sender", name="Client")
    data = LetterData(channel="counter", subject="Fuite d'eau", parties=[sender])
    letter = receive_letter(data, actor=people["amina"], message="Une fuite.").letter
    water = Department.objects.get(code="EAU")
    accept(assign(letter, department=water, actor=people["amina"]), actor=people["badr"])
    reply = drafting.draft_reply(
        letter, actor=people["badr"], subject="Votre fuite", body="La fuite est réparée."
    )
    circuit.submit_reply(reply, actor=people["badr"])
    circuit.approve_reply(reply, actor=people["dounia"])
    return Reply.objects.select_related("letter", "department", "file").get(pk=reply.pk)


def _open_office(folder: str) -> None:
    """Make this process an office of its own, with the demo organisation in it."""
    for name in ("DATABASE_URL", "BROKER_URL", "SEARCH_URL", "VAULT_URL"):
        os.environ.pop(name, None)
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATA_DIR": folder,
        "JOB_DELIVERY": "none",
        "MEANING": "no",
    }
    import django

    django.setup()
    from django.core.management import call_command

    from config.organisation import load_organisation

    call_command("migrate", verbosity=0)
    load_organisation()


def main() -> int:
    """Run the named act and print what was counted."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("act", choices=["signature", "dispatch"])
    parser.add_argument("--way", action="store_true", help="print the way, room by room")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sijill-walk-") as folder:
        _open_office(folder)
        way = walked(act_of(given.act))
    if given.way:
        _print_way(way)
    for words, packages in (("in all", PACKAGES), (" and ".join(OWN), OWN)):
        of = counted(way, packages=packages)
        print(f"{given.act}, {words}: {of.rooms} rooms, {of.returns} returns")
    return 0


def _print_way(way: list[Step]) -> None:
    last = ""
    for room, function in way:
        print(f"    {function}" if room == last else f"{room}\n    {function}")
        last = room


if __name__ == "__main__":
    sys.exit(main())
