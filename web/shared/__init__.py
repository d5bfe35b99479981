"""What the API, the desk and the portal share."""
