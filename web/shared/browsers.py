"""What a browser calls itself, in two words that people know."""

# Parts of what a browser calls itself -> its name; the first that fits.
BROWSERS = (
    ("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iOS"), ("iPad", "iPadOS"), ("Windows", "Windows"),
    ("Mac OS", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


def browser_of(agent: str) -> str:
    """Return browser and system in two words; "" where neither is known."""
    named = [
        next((name for part, name in all_ if part in agent), "") for all_ in (BROWSERS, SYSTEMS)
    ]
    return " · ".join(name for name in named if name)
