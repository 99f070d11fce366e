import signal
import tempfile
from pathlib import Path

from app.embedded.processes import wait_until
from tests.embedded.watching import finish, first_line, start_python, works

USER = """
import json, signal, sys
from dataclasses import asdict
from tests.servers import shared_servers
with shared_servers(sys.argv[1]) as addresses:
    print(json.dumps(asdict(addresses)))
    signal.pause()
"""


def test_all_workers_of_a_run_share_servers_that_end_with_the_last(place: Path) -> None:
    name = place.name
    folder = next(Path(tempfile.gettempdir()).glob(f"giliran-tests-*-{name}"), None)
    assert folder is None
    users = [start_python(USER, name) for _ in range(3)]
    try:
        said = [first_line(user) for user in users]
        assert said[0] == said[1] == said[2]
        url = said[0]["superuser_url"]
        users[0].send_signal(signal.SIGKILL)
        users[1].send_signal(signal.SIGTERM)
        assert {user.wait() for user in users[:2]} == {-signal.SIGKILL, -signal.SIGTERM}
        assert works(url)
    finally:
        for user in users:
            finish(user)
    assert wait_until(lambda: not list(Path(tempfile.gettempdir()).glob(f"giliran-tests-*-{name}")), 20)
    assert not works(url)


def test_whoever_comes_after_the_last_gets_new_servers(place: Path) -> None:
    for _ in range(2):
        user = start_python(USER, place.name)
        try:
            assert works(first_line(user)["app_url"])
        finally:
            finish(user)
    assert wait_until(lambda: not list(Path(tempfile.gettempdir()).glob(f"giliran-tests-*-{place.name}")), 20)
