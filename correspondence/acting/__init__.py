"""Rights on replies: whose turn a reply is, who may do what, and how a change is recorded."""
