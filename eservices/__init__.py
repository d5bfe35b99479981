"""E-services: typed requests that become registered letters, and what stands around them.

A typed request is a registered letter that walks through stages, ends in a registered reply, and is
rated. What distinguishes one service from another is data: its type in the catalogue.
"""
