"""The signer: an append-only log of leaves and the key that signs its size and root.

It is a process of its own (`python -m signer`), knows no Django and no letter; the office calls it
by `signer.client`.
"""
