"""What was typed of an action that was refused stands in its form again, on the next page.

An action of the desk redirects (303) with the reason as a message. What its form held is kept in
the session, enciphered, until the next whole page is shown, and no longer: there the form is filled
in and unfolded. Where the page has that form no more, the texts are shown to be copied. Files
cannot be given back. A form is kept however large it is: Django takes none of more than 2.5 MB.
"""

import contextlib
import json
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.template.loader import render_to_string

from org import keys
from web.shared.asking import holds_question
from web.shared.form_finder import TypedForm, filled_in, is_secret
from web.shared.typed_names import is_typed

KEY: Final = "typed"


def keep_typed(request: HttpRequest, answer: HttpResponseBase) -> None:
    """Keep what the form of an action held, where the answer is a redirect with a refusal."""
    redirects = answer.status_code == 303 or "HX-Redirect" in answer.headers
    if request.method != "POST" or not redirects or not _refused(request):
        return
    fields = {
        name: values
        for name, values in request.POST.lists()
        if not is_secret(name) and name != "next"
    }
    if any(value.strip() for one in fields.values() for value in one):
        typed = json.dumps({"action": request.path, "fields": fields}, ensure_ascii=False)
        request.session[KEY] = keys.encipher(typed, use=KEY)


def _refused(request: HttpRequest) -> bool:
    """Whether the action said that something was not done, and of nothing that it was."""
    queued: Any = getattr(messages.get_messages(request), "_queued_messages", ())
    levels = {message.level for message in queued}
    return bool(levels) and min(levels) >= messages.WARNING


def refill(request: HttpRequest, answer: Any) -> None:
    """Fill in on a whole page what was kept, and keep it no longer."""
    if request.method != "GET" or KEY not in request.session or answer.streaming:
        return
    whole = answer.status_code == 200 and b"</html>" in answer.content[-200:]
    if not whole:
        return
    kept = request.session.pop(KEY)
    with contextlib.suppress(keys.InvalidToken):  # the office's key was lost meanwhile
        typed = TypedForm(**json.loads(keys.decipher(kept, use=KEY)))
        page = answer.content.decode()
        filled = filled_in(page, typed)
        answer.content = _shown(page, typed) if filled is None else filled


def _shown(page: str, typed: TypedForm) -> str:
    """Return the page with the texts that nobody can send from it any more, to be copied."""
    each = ((name, value) for name, values in typed.fields.items() for value in values)
    texts = [value for name, value in each if not holds_question(name) and is_typed(name, value)]
    before, main, after = page.partition('<main id="main"')
    opening, end, rest = after.partition(">")
    if not texts or not main:
        return page
    box = render_to_string("web/parts/not_taken.html", {"texts": texts})
    return f"{before}{main}{opening}{end}{box}{rest}"
