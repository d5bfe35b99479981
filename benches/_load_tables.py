"""The tables of a day's bench for docs/benchmarks.md, and what must be in none of them."""

from typing import Any


def problems_of(report: dict[str, Any]) -> list[str]:
    """Return what makes a run a failure."""
    wrong = [f"{what}: {len(rows)}" for what, rows in report["verdict"].items() if rows]
    ended = report["outcomes"]
    wrong += [
        f"requests {name}: {ended[name]}" for name in ("failed", "refused") if ended.get(name)
    ]
    if report["troubles"]:
        wrong.append(f"troubles of people: {len(report['troubles'])}")
    if report["jobs left"]:
        wrong.append(f"jobs left: {report['jobs left']}")
    return wrong


def markdown(report: dict[str, Any]) -> str:
    """Return the tables."""
    people = ", ".join(f"{count} {role}" for role, count in report["people"].items())
    load, asked = report["load average"], report["asked"]
    lines = [
        "",
        f"{report['seconds'] / 60:.1f} minutes, {people}; think × {asked['think']:g}; "
        f"{report['cores']} cores, load average {load['least']:.1f} to {load['most']:.1f} "
        f"(mean {load['mean']:.1f}).",
        "",
        "| Request | number | p50 | p95 | p99 ms | errors | 429/503 with Retry-After |",
        "|---|---|---|---|---|---|---|",
        *(
            f"| {row['kind']} | {row['requests']:,} | {row['p50']:,} | {row['p95']:,} "
            f"| {row['p99']:,} | {row['errors']} | {row['braked']} |"
            for row in report["requests"]
        ),
        "",
        *_memory(report),
        "",
        *_report_lines(report),
    ]
    return "\n".join(lines)


def _memory(report: dict[str, Any]) -> list[str]:
    return [
        "| Memory (PSS, MB) | first | last | most | MB an hour, last two thirds |",
        "|---|---|---|---|---|",
        *(
            f"| {name} | {one['first']:.0f} | {one['last']:.0f} | {one['most']:.0f} "
            f"| {one['an_hour']:+.0f} |"
            for name, one in report["memory"].items()
        ),
    ]


def _report_lines(report: dict[str, Any]) -> list[str]:
    read, waiting = report["from deposit to read, s"], report["jobs waiting at most"]
    wrong = problems_of(report)
    return [
        "| | |",
        "|---|---|",
        f"| letters accepted, journeys ended, payments | {report['letters accepted']:,}, "
        f"{report['journeys at the desk']:,}, {report['payments made']:,} |",
        f"| from deposit to read, p50 / p95 / p99 | {read['p50']} / {read['p95']} / "
        f"{read['p99']} s |",
        f"| jobs that waited at most, fast / slow | {waiting['fast']:,} / {waiting['slow']:,} |",
        f"| work left in the evening | {report['work left, s']} s |",
        f"| gaps, losses, doubles, problems | {'; '.join(wrong) if wrong else 'none'} |",
    ]
