"""A dry run of a rule over past letters: time, processor and memory for 2,000 letters.

The letters are those of the starting set, each registered and read; once for a rule on words and
once for one on an amount, which is read from each letter's text where no fact was kept.
"""

import argparse
import resource
import sys
import time
from collections.abc import Sequence
from typing import Any

from benches._office import BenchOffice
from benches._read_letters import register_read_letters

RULES: dict[str, list[dict[str, Any]]] = {
    "words": [
        {"field": "words", "value": 'fuite eau\n"تسرب الماء"\nbranchement\nعداد'},
        {"field": "kind", "value": "invoice", "negated": True},
    ],
    "amount": [{"field": "amount", "value": "1000"}],
}


def main(arguments: Sequence[str]) -> None:
    """Print one line a rule."""
    parser = argparse.ArgumentParser(prog="sijill bench rules", description=__doc__)
    parser.add_argument("--letters", type=int, default=2000)
    letters = parser.parse_args(arguments).letters
    office = BenchOffice(JOB_DELIVERY="none")
    try:
        office.set_up()
        register_read_letters(letters)
        for name, conditions in RULES.items():
            _try(name, conditions, letters=letters)
    finally:
        office.close()


def _try(name: str, conditions: list[dict[str, Any]], *, letters: int) -> None:
    from org.models import User
    from routing.rules import trials as rule_trials

    rule_trials.AT_ONCE = letters  # type: ignore[misc]
    given = {"title": name, "conditions": conditions, "department": "EAU", "automatic": True}
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    wall, spent = time.monotonic(), time.process_time()
    trial = rule_trials.request_trial(
        actor=User.objects.get(username="admin"), given=given, newest=letters
    )
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(
        f"{name}: {trial.summary['letters']} letters, {trial.summary.get('matched', 0)} fit; "
        f"{time.monotonic() - wall:.1f} s, {time.process_time() - spent:.1f} s of CPU, "
        f"peak memory +{grown:.0f} MB"
    )


if __name__ == "__main__":
    main(sys.argv[1:])
