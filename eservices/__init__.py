"""E-services: typed requests that become registered letters, and what belongs to them.

A typed request is a registered letter that passes through stages, ends in a registered reply, and
is rated. What distinguishes one service from another is data: its type in the catalogue.
"""
