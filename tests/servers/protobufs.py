"""neonize's messages, without its Go half: the tests' own process needs no second runtime.

Importing it also sets up logging for everybody, which is undone here.
"""

import logging
import os

_handlers, _level = logging.root.handlers[:], logging.root.level
_before = os.environ.get("SPHINX")
os.environ["SPHINX"] = "1"  # its own switch for building documentation: no shared library
from neonize.proto import Neonize_pb2 as N  # noqa: E402
from neonize.proto.waE2E.WAWebProtobufsE2E_pb2 import Message  # noqa: E402
from neonize.utils.jid import build_jid  # noqa: E402

logging.root.handlers[:] = _handlers
logging.root.setLevel(_level)
if _before is None:
    del os.environ["SPHINX"]

__all__ = ["Message", "N", "build_jid"]
