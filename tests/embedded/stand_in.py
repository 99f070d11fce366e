"""Stands in for the API and the worker under the supervisor: says what it was given, and dies when asked to.

python -m tests.embedded.stand_in supervisor|api|worker|stubborn|doomed
"""

import asyncio
import http.server
import json
import os
import signal
import socket
import sys
import threading
from pathlib import Path

from app.settings import Settings
from app.supervisor import Started, Supervisor

if os.environ.get("TEST_THREAD"):
    threading.Thread(target=threading.Event().wait, daemon=True).start()


class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        settings = Settings()
        said = {
            "pid": os.getpid(),
            "addresses": [settings.database_url, settings.owner_url, settings.redis_url],
            "port": settings.port,
            "data_dir": str(settings.data_dir),
        }
        body = json.dumps(said).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        if self.path == "/die":
            os._exit(3)

    def log_message(self, *_: object) -> None:
        """Says nothing: the tests read the supervisor's lines."""


def api() -> None:
    descriptor = Settings().listen_fd
    assert descriptor is not None
    server = http.server.HTTPServer(("127.0.0.1", 0), Answer, bind_and_activate=False)
    server.socket.close()
    server.socket = socket.socket(fileno=descriptor)
    server.serve_forever()


def stubborn() -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    api()


def worker() -> None:
    assert Settings().redis_url
    assert Settings().listen_fd is None
    signal.pause()


def doomed() -> None:
    sys.exit("no luck")


def supervisor() -> None:
    def program(name: str, otherwise: str) -> tuple[str, ...]:
        return sys.executable, "-m", os.environ.get("TEST_MODULE", "tests.embedded.stand_in"), os.environ.get(name, otherwise)

    def migrate(owner_url: str) -> None:
        assert "giliran_owner" in owner_url
        if os.environ.get("TEST_MIGRATION") == "slow":
            print("migrating", flush=True)  # noqa: T201
            asyncio.run(asyncio.sleep(60))
        if os.environ.get("TEST_MIGRATION") == "broken":
            raise ValueError("no such revision")

    def on_ready(started: Started) -> None:
        started.say(f"first key for {started.base_url}")

    sys.exit(
        Supervisor(
            Settings(),
            migrate=migrate,
            on_ready=on_ready,
            api=program("TEST_API", "api"),
            worker=program("TEST_WORKER", "worker"),
        ).run()
    )


def main() -> None:
    {"supervisor": supervisor, "api": api, "worker": worker, "stubborn": stubborn, "doomed": doomed}[Path(sys.argv[1]).name]()


if __name__ == "__main__":
    main()
