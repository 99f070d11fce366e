"""What pages use of curl, so that they run where there is none. An answer that the page does not announce is a failure.

An option that is not here is an error: pages keep to what readers know.
"""

import http.client
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

FAILED = 22


@dataclass
class Request:
    """What the words ask for."""

    method: str = ""
    body: str | None = None
    address: str = ""
    headers: dict[str, str] = field(default_factory=lambda: {"accept": "*/*"})
    head_shown: bool = False


def asked(words: list[str]) -> Request:
    request, waiting = Request(), iter(words)
    for word in waiting:
        match word:
            case "-X":
                request.method = next(waiting)
            case "-H":
                name, _, value = next(waiting).partition(": ")
                request.headers[name.lower()] = value
            case "-d":
                request.body = next(waiting)
                request.headers.setdefault("content-type", "application/x-www-form-urlencoded")
            case "--json":
                request.body = next(waiting)
                request.headers.setdefault("content-type", "application/json")
            case "-i":
                request.head_shown = True
            case "-s":
                pass
            case _ if word.startswith("-"):
                sys.exit(f"unknown option {word}")
            case _:
                request.address = word
    if request.body is not None and request.body.startswith("@"):
        request.body = Path(request.body[1:]).read_text(encoding="utf-8")
    request.method = request.method or ("GET" if request.body is None else "POST")
    return request


def main(words: list[str]) -> int:
    status, text = _sent(asked(words))
    sys.stdout.write(text)
    announced = os.environ.get("ANNOUNCED")
    if str(status) == announced or (announced is None and status < http.HTTPStatus.BAD_REQUEST):
        return 0
    with Path(os.environ["UNANNOUNCED"]).open("a", encoding="utf-8") as unannounced:
        unannounced.write(f"{status} {' '.join(words)}\n{text}\n")
    return FAILED


def _sent(request: Request) -> tuple[int, str]:
    parts = urlsplit(request.address)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port or 80, timeout=60)
    target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    connection.request(request.method, target, None if request.body is None else request.body.encode(), request.headers)
    answer = connection.getresponse()
    head = "".join(f"{name}: {value}\n" for name, value in answer.getheaders())
    text = answer.read().decode()
    return answer.status, f"HTTP/1.1 {answer.status} {answer.reason}\n{head}\n{text}" if request.head_shown else text


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
