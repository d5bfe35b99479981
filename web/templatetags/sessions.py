"""The template tag of what a page shows of sessions: what its script needs to hide it in time."""

import json
from typing import Any

from django import template
from django.template import Context

from web.signin.session_lengths import sessions_on_page

register = template.Library()


@register.inclusion_tag("web/parts/session_over.html", takes_context=True)
def session_shown(context: Context) -> dict[str, Any]:
    """Render what is shown instead of the page when a session ends; nothing on open pages."""
    request = context.get("request")
    shown = sessions_on_page(request) if request is not None else {}
    return {
        "shown": json.dumps(shown) if shown else "",
        "organisation": context.get("organisation", ""),
    }
