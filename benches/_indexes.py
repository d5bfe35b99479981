"""The indexes of several engines built in one pass: the words of a letter are analysed once."""

import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack

from search.contract import SearchEngine
from search.index.rebuilding import gathered


def build_together(
    engines: Mapping[str, SearchEngine], *, processes: int, progress: Callable[[int], None]
) -> dict[str, float]:
    """Build every engine's index anew from the database.

    Return the seconds that each spent writing, and under "analysis" the rest, which an engine that
    is built alone spends as well. `progress(done)` counts letters.
    """
    began = time.monotonic()
    spent = dict.fromkeys(engines, 0.0)
    done = 0
    with ExitStack() as stack:
        builds = {}
        for name, engine in engines.items():
            builds[name] = stack.enter_context(engine.rebuild(anew=True))
        for place, count, analysed in gathered(None, processes):
            for name, build in builds.items():
                at = time.monotonic()
                build.put_analysed(analysed)
                build.keep(str(place))
                spent[name] += time.monotonic() - at
            done += count
            progress(done)
    return spent | {"analysis": time.monotonic() - began - sum(spent.values())}
