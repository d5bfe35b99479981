"""Where a person is signed in, and ending it from elsewhere."""

from typing import Any

from allauth.usersessions.views import ListUserSessionsView

from web.shared.browsers import browser_of


class Sessions(ListUserSessionsView):  # type: ignore[misc]
    """All sessions, the present one first; one button ends the others."""

    template_name = "web/signin/sessions.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what each session's browser is."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        rows = [(one, browser_of(one.user_agent), one.is_current()) for one in context["sessions"]]
        context["rows"] = sorted(
            rows, key=lambda row: (not row[2], -row[0].last_seen_at.timestamp())
        )
        return context
