"""The pages of a batch as its page shows them: letters and what is left out between them."""

from typing import Any

from channels import services
from registry.models.letters import Letter


def groups_of(
    batch: services.Batch, done: dict[int, Any], letters: dict[Any, Letter]
) -> list[dict[str, Any]]:
    """Return letters and, between them, what is left out, in the order that the pages have now."""
    seen, plan = services.seen_pages(batch), services.plan_of(batch)
    cut = services.letters_in(batch)
    first_of = {n: pages[0] for pages in cut for n in pages}
    begins = {pages[0] for pages in cut[1:]}
    groups: list[dict[str, Any]] = []
    for number in services.ordered(plan, len(seen)):
        what, first = seen[number - 1], first_of.get(number)
        parts = what.separator and first is None and groups and groups[-1]["pages"]
        if not groups or parts or (first is not None and first != groups[-1]["first"]):
            groups.append({"first": first, "pages": 0, "shown": [], "done": first in done})
            groups[-1]["letter"] = letters.get(done.get(first)) if first is not None else None
        group = groups[-1]
        group["pages"] += first is not None
        group["shown"].append(
            {
                "number": number,
                "seen": what,
                "out": first is None,
                "begins": number == first,
                "joins": number in begins,
                "turn": plan.turns.get(number, 0),
            }
        )
    return groups


def blanks_left_out(batch: services.Batch) -> list[int]:
    """Return the blank pages that go into no letter."""
    return [n for n in batch.left_out if batch.pages[n - 1]["blank"]]
