"""Giving entries to the signer's log (until the ledger's own)."""

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from ledger.leaves import leaf_of
from ledger.models import LedgerCheckpoint, LedgerEntry
from signer.client import Client, Unavailable
from signer.note import read_checkpoint


def seal_pending() -> int:
    client = Client(settings.SIGNER_SOCKET)
    done = 0
    while entries := list(LedgerEntry.objects.filter(place=None).order_by("id")[:1000]):
        first = (LedgerEntry.objects.aggregate(top=Max("place"))["top"] or -1) + 1
        if LedgerEntry.objects.filter(place=0).exists():
            first = LedgerEntry.objects.aggregate(top=Max("place"))["top"] + 1
        else:
            first = 0
        try:
            got = client.append([leaf_of(entry) for entry in entries], first_index=first)
        except Unavailable:
            return done
        with transaction.atomic():
            for at, entry in enumerate(entries):
                LedgerEntry.objects.filter(pk=entry.pk).update(place=first + at)
            LedgerCheckpoint.objects.get_or_create(
                size=read_checkpoint(got.checkpoint).size,
                defaults={"note": got.checkpoint, "at": timezone.now()},
            )
        done += len(entries)
    return done
