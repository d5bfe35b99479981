"""Pictures of pages in answers: shown, said to be waited for, or said not to be."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string

from ocr.errors import PictureDelayed, ReaderFailed, Unreadable
from registry.files.receiving import VaultError
from web.retry_later import unavailable
from web.shared.files import page_picture

PATIENCE: Final = 8.0  # seconds that a request waits until its picture is begun
AGAIN_SECONDS: Final = "3"
MOST_TRIES: Final = 20  # of a page that asks for its picture by itself


def drawn_picture(
    request: HttpRequest,
    draw: Callable[[float], Path],
    *,
    back: str,
    base: str = "web/base.html",
) -> HttpResponseBase:
    """Serve the picture that `draw` returns, which takes the seconds that it may wait.

    503 where it has to wait longer, 404 where it cannot be drawn: empty for an <img>; for a picture
    that is opened itself, a page of the layout `base` with the reason and a link to `back`, which
    reloads while a picture waits. Raise Http404 where there is none.
    """
    try:
        return page_picture(request, draw(PATIENCE))
    except PictureDelayed:
        answer = unavailable(HttpResponse(_page(request, _again(request), back, base)))
        answer.headers["Retry-After"] = AGAIN_SECONDS
        return answer
    except Unreadable as error:
        if error.code == "empty":
            raise Http404 from error
        return HttpResponse(_page(request, {}, back, base), status=404)
    except (ReaderFailed, VaultError) as error:
        raise Http404 from error


def _page(request: HttpRequest, told: dict[str, Any], back: str, base: str) -> str:
    """Return the page for who opened the picture itself; nothing for an <img>."""
    if "text/html" not in request.headers.get("Accept", ""):
        return ""
    return render_to_string("web/picture_waits.html", {"back": back, "base": base, **told}, request)


def _again(request: HttpRequest) -> dict[str, Any]:
    """Return how a page requests the picture again: by a link, and MOST_TRIES times by itself."""
    query = request.GET.copy()
    given = query.pop("tries", ["0"])[-1]
    tries = int(given) if re.fullmatch("[0-9]{1,3}", given) else MOST_TRIES
    told = {"again": f"{request.path}?{query.urlencode()}"}
    if tries >= MOST_TRIES:
        return told
    query["tries"] = str(tries + 1)
    return told | {"next": f"{request.path}?{query.urlencode()}", "seconds": AGAIN_SECONDS}
