"""The way that is proposed for an answer: the one on which its letter came."""

from correspondence.models.dispatch import Dispatch
from registry.models.letters import Channel, Letter


def default_method(answered: Letter | None) -> str:
    """Return the method that is proposed for the answer to a letter: the way on which it came.

    What came over the portal or by a partner's system is read on the citizen's page; a paper letter
    goes by e-mail where its sender gave an address, else over the counter or by post.
    """
    sender = answered.sender if answered else None
    if answered and answered.channel in (Channel.PORTAL, Channel.API):
        return Dispatch.Method.PORTAL
    if sender and sender.email:
        return Dispatch.Method.EMAIL
    if answered and answered.channel == Channel.POST and sender and sender.address:
        return Dispatch.Method.POST
    return Dispatch.Method.HANDED_OVER
