"""The client of a timestamp authority (RFC 3161), which goes nowhere that it is led on to."""

import aiohttp
from asn1crypto import tsp
from pyhanko.sign.timestamps import HTTPTimeStamper, TimestampRequestError

REPLY = "application/timestamp-reply"
MOST = 1024 * 1024  # bytes of an answer, with the chain of certificates


class StraightTimeStamper(HTTPTimeStamper):
    """pyHanko's client without redirects: the operator named one address, and no other is used."""

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """Ask the authority. Raise TimestampRequestError, also where it leads elsewhere."""
        limit = aiohttp.ClientTimeout(total=self.timeout)
        headers = await self.async_request_headers()
        try:
            async with (
                aiohttp.ClientSession(timeout=limit) as session,
                session.post(
                    self.url,
                    headers=headers,
                    data=req.dump(),
                    auth=self.auth,
                    allow_redirects=False,
                    raise_for_status=True,
                ) as answer,
            ):
                if answer.status != 200 or answer.content_type != REPLY:
                    raise TimestampRequestError("the timestamp service answered something else")
                content = await _whole(answer.content)
        except (aiohttp.ClientError, OSError) as error:
            raise TimestampRequestError("the timestamp service was not reached") from error
        return tsp.TimeStampResp.load(content)


async def _whole(stream: aiohttp.StreamReader) -> bytes:
    """Return an answer to its end. Raise TimestampRequestError where it is too long."""
    content = bytearray()
    async for piece in stream.iter_any():
        content += piece
        if len(content) > MOST:
            raise TimestampRequestError("the answer of the timestamp service is too long")
    return bytes(content)
