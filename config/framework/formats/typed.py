"""Days as people type them, where the browser has no calendar of its own: the day first."""

from typing import Final

# The first is also how a day is written into a control, which a browser's calendar asks for.
DAYS: Final = ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d %m %Y", "%d/%m/%y", "%Y/%m/%d"]
