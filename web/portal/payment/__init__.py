"""Paying bills on the web: choosing them, the gateway, the receipt."""
