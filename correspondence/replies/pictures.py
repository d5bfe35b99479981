"""Scanned signatures: given by the person or an administrator, kept in the vault, never lost."""

import io
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from correspondence.models.steps import SignaturePicture
from org.models import User
from registry.acts import record_act
from registry.files.stored import stored_row
from registry.files.vault import store
from registry.models.files import StoredFile
from routing.acting.errors import NotAllowedError
from sandbox.pictures import PictureError, as_png

PNG = "image/png"
MOST_BYTES = 5 * 1024 * 1024
MOST_PIXELS = 20_000_000
WIDTH, HEIGHT = 900, 450  # what is kept, at most: 75 mm in print at 300 dpi


def may_give(actor: User | AnonymousUser, person: User) -> bool:
    """Return whether the actor may give it: for oneself; an administrator for anybody."""
    if not isinstance(actor, User) or not actor.is_active:
        return False
    return actor.pk == person.pk or actor.duty == User.Duty.ADMINISTRATOR


def give_picture(person: User, *, actor: User, stream: Any) -> SignaturePicture:
    """Keep a picture (PNG, JPEG…) as the person's signature from now on.

    It is drawn anew as PNG, so that nothing but its pixels is kept. Raise NotAllowedError.
    """
    _need(actor, person)
    file = store(io.BytesIO(_as_png(stream.read(MOST_BYTES + 1))))
    with transaction.atomic():
        stored = stored_row(file, media_type=PNG)
        _retire(person)
        data = {"person": person.pk, "sha256": stored.sha256}
        record_act("signature_picture_given", actor=actor, data=data)
        return SignaturePicture.objects.create(
            person=person, file=stored, given_by=actor, given_at=timezone.now()
        )


def drop_picture(person: User, *, actor: User) -> None:
    """Remove the person's current picture; what it signed keeps it. Raise NotAllowedError."""
    _need(actor, person)
    with transaction.atomic():
        _retire(person)
        record_act("signature_picture_dropped", actor=actor, data={"person": person.pk})


def picture_of(person: User) -> StoredFile | None:
    """Return the person's present signature."""
    rows = SignaturePicture.objects.select_related("file")
    found = rows.filter(person=person, current=True).first()
    return found.file if found else None


def _need(actor: User, person: User) -> None:
    if not may_give(actor, person):
        raise NotAllowedError(_("A signature is given by the person or an administrator."))


def _retire(person: User) -> None:
    User.objects.select_for_update().get(pk=person.pk)  # serialises concurrent uploads
    SignaturePicture.objects.filter(person=person, current=True).update(current=False)


def _as_png(content: bytes) -> bytes:
    if len(content) > MOST_BYTES:
        raise NotAllowedError(_("The picture is larger than 5 MB."))
    formats = ("PNG", "JPEG", "WEBP", "BMP")
    try:
        return as_png(content, formats=formats, most_pixels=MOST_PIXELS, size=(WIDTH, HEIGHT))
    except PictureError as error:
        if error.code == "too_many":
            raise NotAllowedError(_("The picture has too many points.")) from error
        raise NotAllowedError(_("This is no picture: give a PNG or JPEG.")) from error
