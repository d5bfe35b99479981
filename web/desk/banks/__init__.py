"""Banks that fetch and pay over the biller API: partners, how calls go, settlement and fees."""
