"""Settings of the proof, a part of `config.settings`: signatures, the signer, the anchors."""

from pathlib import Path
from urllib.parse import urlsplit

from config import env
from config.proof_problems import EMBEDDED, witness_urls
from config.start_problems import NONE
from org.strength import OWN_BITS, PEERS_BITS

_ROOT = Path(__file__).resolve().parent.parent
_data = Path(env.text("DATA_DIR", str(_ROOT / "var"))).absolute()
_url = env.text("PUBLIC_URL", f"http://127.0.0.1:{env.text('PORT', '8000')}")
# The signer's journal and key, and the socket by which it is asked. Where no socket is named,
# `manage up` starts the signer itself.
SIGNER_DATA = Path(env.text("SIGNER_DATA", str(_data / "signer"))).absolute()
_socket = env.text("SIGNER_SOCKET", without=EMBEDDED)
SIGNER_SOCKET = Path(_socket or SIGNER_DATA / "signer.sock").absolute()
SIGNER_EMBEDDED = not _socket
SIGNER_ORIGIN = env.text("SIGNER_ORIGIN", f"{urlsplit(_url).netloc}/register")
SIGNER_KEY = env.text("SIGNER_KEY")
# Where checkpoints go besides: a store that locks them, people by mail, witnesses of the protocol.
ANCHOR_URL = env.text("ANCHOR_URL")
ANCHOR_WITNESSES = env.list_("ANCHOR_WITNESSES", [])
WITNESS_URLS = witness_urls(env.text("WITNESS_URLS"))

SIGNING_KEY_FILE = env.text("SIGNING_KEY_FILE", without=NONE)
SIGNING_KEY_PASSWORD = env.text("SIGNING_KEY_PASSWORD")
SIGNING_RSA_BITS = env.int_("RSA_LEAST_BITS", OWN_BITS, least=PEERS_BITS)
# How replies are signed where their circuit has a signature, and by whose keys.
REPLY_SIGNATURE = env.choice("REPLY_SIGNATURE", "none", ("none", "stamp", "pades"))
SIGNING_KEYS_DIR = env.text("SIGNING_KEYS_DIR")
TIMESTAMP_URL = env.text("TIMESTAMP_URL")
