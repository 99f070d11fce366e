import socket

from app.embedded.errors import EmbeddedError

LOOPBACK = "127.0.0.1"


def pick(fixed: int, *, what: str, setting: str) -> int:
    """`fixed` when it is free, any free port when it is 0."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, fixed))
        except OSError as error:
            raise EmbeddedError(
                f"Port {fixed} on {LOOPBACK}, wanted for {what}, cannot be had: {error.strerror}",
                f"Stop what uses it (ss -ltnp 'sport = :{fixed}'), choose another with {setting}, or {setting}=0 for any free one.",
            ) from error
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    try:
        socket.create_connection((LOOPBACK, port), timeout=1).close()
    except OSError:
        return False
    return True
