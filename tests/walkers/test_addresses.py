"""Methods, paths, hosts, headers and queries that make no sense: refused or ignored, never obeyed, never a 5xx."""

import re
from itertools import product
from typing import Any

from tests.walkers.bodies import body_for, preconditions
from tests.walkers.desks import Desk
from tests.walkers.document import BEHIND_A_KEY, OPERATIONS
from tests.walkers.judging import code_of, complaints
from tests.walkers.raw import asked
from tests.walkers.selection import part_or_whole, selected

PATHS = {path: {one.method for one in OPERATIONS if one.path == path} for path in {one.path for one in OPERATIONS}}
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "BREW")

HOSTILE = {
    "quote": "'",
    "SQL": "' OR 1=1; DROP TABLE tickets; --",
    "SQL in double quotes": '" UNION SELECT secret_hash FROM api_keys --',
    "a parameter of SQL": "$1 :workspace_id %(id)s ?",
    "LIKE": "%",
    "LIKE one": "_",
    "LIKE escape": "\\",
    "full text": "a & | ! <-> :* ( )",
    "markup": "<script>alert(1)</script>",
    "template": "{{7*7}}${7*7}{0.__class__}",
    "path": "../../etc/passwd",
    "newline": "a\r\nX-Evil: 1",
    "ANSI": "\x1b[31ma",
    "line separator": "a\u2028b",
    "right to left": "\u202ea\u200b",
    "combining": "e" + "\u0301" * 500,
    "emoji": "\U0001f468\u200d\U0001f469",
    "digits of Arabic": "\u0661\u0662",
    "long": "x" * 3_000,
    "NUL": "a\x00b",
    "empty": "",
    "null": "null",
    "true": "true",
    "-1": "-1",
    "0": "0",
    "201": "201",
    "1.5": "1.5",
    "1e3": "1e3",
    "NaN": "NaN",
    "2^31": str(2**31),
    "2^63": str(2**63),
    "2^64": str(2**64),
    "5,000 digits": "9" * 5_000,
    "a year that is none": "10000-01-01T00:00:00Z",
    "30 February": "2026-02-30T00:00:00Z",
    "a leap second": "2026-06-30T23:59:60Z",
    "24:00": "2026-01-01T24:00:00Z",
    "no zone": "2026-01-01T00:00:00",
    "a zone that is none": "2026-01-01T00:00:00+99:99",
    "year 1": "0001-01-01T00:00:00Z",
    "the last year": "9999-12-31T23:59:59Z",
    "seconds": "1767225600",
    "now": "now",
    "infinity": "infinity",
}


async def test_methods_that_an_address_does_not_take(desk: Desk) -> None:
    """405 with the methods there are, with a key and without, and nothing happens."""
    key = await desk.service.key("admin")
    before = await desk.fingerprints()
    for path, own in PATHS.items():
        methods = own | _of_templates(path)
        operation = next(one for one in OPERATIONS if one.path == path)
        filled = path.format_map({"code": "conflict", **({} if operation.is_open else desk.filled(operation))})
        for method in METHODS:
            if method in methods:
                continue
            for headers in ({}, {"Authorization": f"Bearer {key}"}):
                answer = await desk.service.client.request(method, filled, headers=headers, content=b"{}")
                assert answer.status_code == 405, (method, path)
                assert answer.headers["allow"] == ", ".join(sorted(methods)), (method, path)
    assert await desk.fingerprints() == before


async def test_spellings_of_a_path_that_are_none(desk: Desk) -> None:
    """Without a key nothing is reached: what is not the path itself is nothing, and with a key it is nothing too."""
    key = (b"authorization", f"Bearer {await desk.service.key('admin')}".encode())
    app = desk.service.app
    for operation in BEHIND_A_KEY:
        path = operation.path.format_map(desk.filled(operation))
        for spelling in (
            f"/{path}", path.replace("/", "//"), f"{path}/", f"{path}/.", path.replace("/v1", "/v1/."), path.replace("/v1", "/x/../v1"),
            path.replace("/v1", "/V1"), path.replace("v1/", "v1%5c"), f"{path}%00", f"{path};x=1", f"{path}%0a", f"{path}%20",
            f"{path}%3f", f"{path}.json", f"{path}%ff", path.replace("v1", "v%31%00"), f"/v1{path}", path.removeprefix("/"),
            f"http://giliran.test{path}",
        ):  # fmt: skip
            stranger = await asked(app, operation.method, spelling)
            assert stranger.status_code in {401, 404, 405}, (spelling, stranger.status_code)
            answer = await asked(app, operation.method, spelling, [key])
            assert answer.status_code in {404, 405, 415}, (spelling, answer.text)
            if answer.status_code == 415:  # the end belongs to the name in the path, and there is none such
                assert "{" in operation.path.rpartition("/")[2] or spelling == f"{path}/."
        escaped = await asked(app, operation.method, path.replace("v1/", "v1%2f"))
        assert escaped.status_code == 401, "an escaped slash is a slash, and what is behind it wants a key"


@part_or_whole(7)
async def test_every_parameter_of_every_query(desk: Desk, every: int) -> None:
    """200, or 400 that names the parameter; a filter takes it as the text that it is."""
    before = await desk.fingerprints()
    wrong: list[str] = []
    reads = [(operation, name) for operation in BEHIND_A_KEY if operation.method == "GET" for name in (*operation.queries, None)]
    for (operation, parameter), value in selected(product(reads, HOSTILE.values()), every):
        if parameter is None:
            answer = await desk.send(operation, params={value or "x": "1"})
            if (answer.status_code, code_of(answer)) != (400, "unknown_parameter") or "\n" in answer.json()["parameter"]:
                wrong.append(f"{operation.id}: {answer.text[:300]}")
            continue
        for params in ({parameter: value}, {parameter: [value, value]}):
            answer = await desk.send(operation, params=params)
            wrong += [f"{operation.id} {parameter}={value[:50]}: {one}" for one in complaints(operation, answer)]
            if answer.status_code not in {200, 400, 410}:
                wrong.append(f"{operation.id} {parameter}={value[:50]}: {answer.status_code}")
            if answer.status_code == 400 and answer.json().get("parameter") != parameter:
                wrong.append(f"{operation.id} {parameter}={value[:50]}: {answer.text}")
    assert wrong == []
    assert await desk.fingerprints() == before


@part_or_whole(5)
async def test_every_name_in_every_path(desk: Desk, every: int) -> None:
    """404, as an id that nobody has; also after ext:, where any text may stand."""
    before = await desk.fingerprints()
    wrong: list[str] = []
    named = [(operation, place) for operation in BEHIND_A_KEY for place in operation.path_names]
    for (operation, place), start, value in selected(product(named, ("", "ext:", "tkt_"), HOSTILE.values()), every):
        parts = {**desk.filled(operation), place: _quoted(f"{start}{value}")}
        options: dict[str, Any] = {} if operation.body is None else {"json": body_for(operation, desk)}
        answer = await desk.send(operation, path=parts, **options)
        wrong += [f"{operation.id} {start}{value[:50]}: {one}" for one in complaints(operation, answer)]
        if answer.status_code not in {404, 405}:
            wrong.append(f"{operation.id} {start}{value[:50]}: {answer.status_code} {answer.text[:200]}")
    assert wrong == []
    assert await desk.fingerprints() == before


async def test_limits_and_orders_from_a_closed_list(desk: Desk) -> None:
    for operation in BEHIND_A_KEY:
        for parameter, values in {
            "limit": ("0", "-1", "201", str(10**9), "abc", "", "1.0", "1_0", "+1", " 1", "\u0661"),
            "wait": ("-1", "31", "1.0"),
            "prune": ("1", "yes", "on", "True", ""),
            "dry_run": ("1", "yes", "on", "True", ""),
            "sort": ("subject", "created_at; DROP TABLE tickets", "-created_at,number", "", "CREATED_AT", "--priority"),
        }.items():
            for value in values if parameter in operation.queries else ():
                options: dict[str, Any] = {} if operation.body is None else {"json": body_for(operation, desk)}
                answer = await desk.send(operation, params={parameter: value}, headers=preconditions(operation), **options)
                assert complaints(operation, answer) == [], operation.id
                assert (answer.status_code, answer.json().get("parameter")) == (400, parameter), (
                    operation.id,
                    value,
                    answer.text,
                )
        many = await desk.send(operation, params=[(f"f{n}", "1") for n in range(1_000)])
        assert (many.status_code, code_of(many)) == (400, "unknown_parameter"), operation.id


MALFORMED = (
    "",
    ";;;",
    "a" * 5_000,
    "*/*;q=x",
    '"',
    "\xff",
    "0",
    "*",
    "W/",
    "text/html",
    '"1", "2"',
    "gzip;q=9",
    "id;q=2",
    "\x00",
)
OF_A_PROXY = {
    "X-Forwarded-For": "127.0.0.1", "Forwarded": "for=127.0.0.1;host=evil", "CF-Connecting-IP": "127.0.0.1", "X-Real-IP": "127.0.0.1",
    "X-Forwarded-Host": "evil", "X-Forwarded-Proto": "https", "X-Forwarded-Prefix": "/x", "X-Original-URL": "/health/live",
    "X-Rewrite-URL": "/health/live", "X-HTTP-Method-Override": "DELETE", "X-HTTP-Method": "DELETE", "X-Method-Override": "PUT",
}  # fmt: skip


HEADERS = (
    "Accept", "Accept-Encoding", "Accept-Language", "Accept-Charset", "If-None-Match", "If-Match", "If-Modified-Since", "Range",
    "traceparent", "X-Request-Id", "Idempotency-Key", "Cookie", "Referer", "User-Agent", "Expect",
)  # fmt: skip
WRITES_THAT_CANNOT_BE_TRIED = {"advance_clock", "set_presence", "accept_offer", "decline_offer"}


@part_or_whole(17)
async def test_headers_that_make_no_sense(desk: Desk, every: int) -> None:
    """Ignored, or 400 that says which header it is."""
    before = await desk.fingerprints()
    key = await desk.service.key("admin")
    tried = [operation for operation in BEHIND_A_KEY if operation.id not in {"get_me", *WRITES_THAT_CANNOT_BE_TRIED}]
    for name, value, operation in selected(product(HEADERS, MALFORMED, tried), every):
        headers = [(b"Authorization", f"Bearer {key}".encode()), (name.encode(), value.encode("latin-1"))]
        params = {"dry_run": "true"} if operation.takes_dry_run else {}
        address = operation.path.format_map(desk.filled(operation))
        answer = await desk.service.client.request(operation.method, address, headers=headers, params=params)
        assert complaints(operation, answer) == [], (operation.id, name, value)
        if answer.status_code == 400:
            assert name in answer.json()["detail"] or name.title() in answer.json()["detail"], (operation.id, answer.text)
        elif operation.method == "GET":
            assert answer.status_code in {200, 304}, (operation.id, name, value)
    assert await desk.fingerprints() == before


async def test_what_a_proxy_would_say_decides_nothing(desk: Desk) -> None:
    """Nobody is a proxy here: with these headers the answer is the same as without."""
    before = await desk.fingerprints()
    for operation in BEHIND_A_KEY:
        if operation.method != "GET":
            continue
        address = operation.path.format_map(desk.filled(operation))
        plain, forged = [await desk.send(operation, headers=headers) for headers in ({}, OF_A_PROXY)]
        assert plain.status_code == forged.status_code == 200
        stranger = await desk.service.client.request(operation.method, address, headers=OF_A_PROXY)
        assert (stranger.status_code, code_of(stranger)) == (401, "missing_key"), operation.id
    assert await desk.fingerprints() == before


async def test_no_other_site_is_let_in(desk: Desk) -> None:
    """No answer allows an origin, to a request or to a question before one: there are no cookies to be abused."""
    for operation in OPERATIONS:
        address = operation.path.format_map({"code": "conflict", **({} if operation.is_open else desk.filled(operation))})
        for origin in (
            "https://evil.example",
            "null",
            "http://giliran.test.evil.example",
            "http://evilgiliran.test",
            "http://giliran.test",
        ):
            asking = {
                "Origin": origin,
                "Access-Control-Request-Method": operation.method,
                "Access-Control-Request-Headers": "authorization",
            }
            answers = [await desk.service.client.request("OPTIONS", address, headers=asking)]
            if operation.method == "GET":
                options: dict[str, Any] = {"headers": {"Origin": origin}}
                answers.append(
                    await (desk.service.client.get(address, **options) if operation.is_open else desk.send(operation, **options))
                )
            for answer in answers:
                assert [name for name in answer.headers if name.startswith("access-control-")] == [], operation.id
                assert "set-cookie" not in answer.headers
                assert not {"server", "x-powered-by", "via"} & answer.headers.keys()
                assert answer.headers["x-content-type-options"] == "nosniff"


def _of_templates(path: str) -> set[str]:
    """Methods of an address with a name where this one has a word: /v1/tickets/count is a ticket's address, of no ticket."""
    patterns = {other: re.compile(re.sub(r"{\w+}", "[^/{}]+", other)) for other in PATHS if other != path}
    return {method for other, pattern in patterns.items() if pattern.fullmatch(path) for method in PATHS[other]}


def _quoted(text: str) -> str:
    return "".join(f"%{byte:02x}" for byte in text.encode())
