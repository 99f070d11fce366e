"""People sign in with tokens of their own identity provider; whatever is wrong with one opens nothing."""

import asyncio
import base64
import json
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest
from joserfc import jws
from joserfc.jwk import OctKey, OKPKey, RSAKey

from app.connectors import issuers
from app.connectors.issuers import Issuers, Unusable
from app.engine.vocabulary import Role
from app.identifiers import encode
from app.models.workspaces import Mode
from app.services import workspace_identity, workspaces
from app.services.sign_in import Provider, SignIns, role_of
from app.services.workspaces import Workspace
from tests.api.issuer import AUDIENCE, Issuer, issuing, rsa
from tests.api.service import DOCUMENT, Service

ROLES = {"leads": Role.SUPERVISOR, "admins": Role.ADMIN, "desk": Role.AGENT, "readers": Role.READ_ONLY}


@pytest.fixture
async def issuer(service: Service) -> AsyncIterator[Issuer]:
    """One whose tokens open the workspace."""
    async with issuing() as made:
        await settle(service, service.workspace, made)
        yield made


Make = Callable[..., Issuers]


@pytest.fixture
async def make_issuers() -> AsyncIterator[Make]:
    """Those of other processes, or with other pauses; closed in the end."""
    made: list[Issuers] = []

    def make(**options: Any) -> Issuers:
        made.append(Issuers(**options))
        return made[-1]

    yield make
    for one in made:
        await one.close()


async def settle(service: Service, workspace: Workspace, issuer: Issuer, **changes: Any) -> None:
    values = {"audience": AUDIENCE, "role_claim": "groups", "roles": ROLES, "agent_claim": "employee", **changes}
    await workspace_identity.put(service.owner, workspace, Provider(issuer.address, **values))


async def sign_in(
    service: Service, token: str, path: str = "/v1/tickets", *, workspace: str | None = None, method: str = "GET", **more: Any
) -> httpx.Response:
    named = encode("wsp", service.workspace.id) if workspace is None else workspace
    headers = {"Authorization": f"Bearer {token}", **({"Giliran-Workspace": named} if named else {})}
    return await service.client.request(method, path, headers=headers, **more)


async def said(service: Service, token: str, **more: Any) -> tuple[int, str]:
    answer = await sign_in(service, token, **more)
    assert "www-authenticate" in answer.headers or answer.status_code != 401
    return answer.status_code, answer.json().get("code", "")


async def test_a_token_opens_what_its_groups_have_a_role_for(service: Service, issuer: Issuer) -> None:
    for kid in ("rsa", "ec"):
        lead = issuer.token(kid, groups=["others", "leads"])
        assert (await sign_in(service, lead)).status_code == 200
        assert (await said(service, lead, path="/v1/keys"))[1] == "missing_scope"
    assert (await sign_in(service, issuer.token(groups="admins"), "/v1/keys")).status_code == 200
    assert (await sign_in(service, issuer.token(groups=["readers", "admins"]), "/v1/keys")).status_code == 200
    assert await said(service, issuer.token(groups=["others"])) == (403, "no_role")
    assert await said(service, issuer.token(groups={"leads": True})) == (403, "no_role")


async def test_who_did_it_is_told(service: Service, issuer: Issuer) -> None:
    token = issuer.token(groups="admins")
    headers = {
        "Authorization": f"Bearer {token}",
        "Giliran-Workspace": encode("wsp", service.workspace.id),
        "User-Agent": "browser",
    }
    made = await service.client.post("/v1/keys", json={"name": "CRM", "role": "integration"}, headers=headers)
    assert made.status_code == 201
    latest, came = (await service.get("/v1/audit"))["data"][:2]
    assert (came["operation"], came["user_agent"], came["person"]) == ("sign_in", "browser", "siti")
    assert came["changed"] == {"issuer": [None, issuer.address], "role": [None, "admin"]}
    assert latest["actor"] == came["actor"] == {"type": "person", "id": came["subject"]["id"]}
    assert (latest["person"], latest["key_id"], latest["operation"]) == ("siti", None, "create_key")
    await sign_in(service, issuer.token(groups="others"))
    await service.services.denials.write()
    (denied,) = (await service.get("/v1/audit", params={"outcome": "denied"}))["data"]
    assert (denied["operation"], denied["person"]) == ("sign_in", "siti")


async def test_a_token_is_told_once_whichever_process_sees_it(service: Service, issuer: Issuer, make_issuers: Make) -> None:
    token = issuer.token(groups="leads")
    await asyncio.gather(*(sign_in(service, token) for _ in range(5)))
    other = SignIns(service.services.engine, make_issuers())
    assert other.is_new(await other.who(service.workspace.id, token))
    assert len((await service.get("/v1/audit", params={"operation": "sign_in"}))["data"]) == 1


async def test_the_log_names_no_person(service: Service, issuer: Issuer) -> None:
    made = await sign_in(service, issuer.token(groups="leads", sub="siti@example.com"), method="POST", json={})
    assert made.status_code == 201
    (event, *_) = (await service.get("/v1/events", params={"type": "ticket.created"}))["data"]
    assert event["actor"]["type"] == "person"
    assert "siti" not in json.dumps(event)


async def test_an_agent_is_who_the_claim_names_letter_by_letter(service: Service, issuer: Issuer) -> None:
    me = await sign_in(service, issuer.token(groups="desk", employee="hr-1"), "/v1/me")
    assert me.json()["agent"]["name"] == "ani"
    for employee in ("HR-1", "hr-1 ", "hr-", "", None, ["hr-1"], 1, "hr-1\0"):
        token = issuer.token(groups="desk", employee=employee)
        assert await said(service, token, path="/v1/me") == (403, "no_role"), employee


async def test_an_address_counts_only_when_it_is_verified(service: Service, issuer: Issuer) -> None:
    """AUTH-22: nobody becomes an agent by an address that they merely claim, or that is written in another way."""
    agents = [{**DOCUMENT["agents"][0], "external_id": "ani@example.com"}, *DOCUMENT["agents"][1:]]
    assert (await service.apply({**DOCUMENT, "agents": agents}, version=1)).status_code == 200
    await settle(service, service.workspace, issuer, agent_claim="email")
    await asyncio.sleep(1)
    right = issuer.token(groups="desk", email="ani@example.com", email_verified=True)
    assert (await sign_in(service, right, "/v1/me")).json()["agent"]["name"] == "ani"
    for claims in (
        {"email": "ani@example.com"},
        {"email": "ani@example.com", "email_verified": False},
        {"email": "ani@example.com", "email_verified": "true"},
        {"email": "Ani@example.com", "email_verified": True},
        {"email": "ani@EXAMPLE.com", "email_verified": True},
        {"email": "ani+x@example.com", "email_verified": True},
        {"email": "\u0430ni@example.com", "email_verified": True},
    ):
        assert await said(service, issuer.token(groups="desk", **claims), path="/v1/me") == (403, "no_role"), claims


CLAIMS: list[dict[str, Any]] = [
        {"aud": "another"}, {"aud": None}, {"aud": []}, {"aud": "giliran2"}, {"aud": ["another"]}, {"aud": {"giliran": 1}},
        {"iss": None}, {"iss": ""}, {"iss": ["x"]}, {"sub": None}, {"sub": ""}, {"sub": 7}, {"sub": "a\nb"},
        {"exp": None}, {"exp": "4102444800"}, {"exp": 4102444800.5}, {"exp": 10**20}, {"exp": True}, {"exp": -1},
        {"nbf": 4102444800}, {"nbf": "0"}, {"iat": float("nan")}, {"iat": float("inf")}, {"iat": 4102444800}, {"iat": "now"},
]  # fmt: skip


async def test_claims_that_are_wrong(service: Service, issuer: Issuer) -> None:
    """AUTH-09."""
    for claims in CLAIMS:
        assert await said(service, issuer.token(**{"groups": "admins", **claims})) == (401, "invalid_token"), claims


async def test_an_issuer_is_one_letter_by_letter(service: Service, issuer: Issuer) -> None:
    for other in (issuer.address[:-1], f"{issuer.address}/", f"{issuer.address}.evil.example", issuer.address.upper()):
        assert await said(service, issuer.token(groups="admins", iss=other)) == (401, "invalid_token")


async def test_times_have_a_small_leeway(service: Service, issuer: Issuer) -> None:
    now = int(time.time())
    assert (await sign_in(service, issuer.token(groups="leads", exp=now - 10, nbf=now + 10, iat=now + 10))).status_code == 200
    assert await said(service, issuer.token(groups="leads", exp=now - 60)) == (401, "token_expired")
    assert await said(service, issuer.token(groups="leads", nbf=now + 60)) == (401, "invalid_token")


async def test_a_token_ends_in_time_though_it_was_right_a_moment_ago(service: Service, issuer: Issuer) -> None:
    token = issuer.token(groups="leads", exp=int(time.time()) - 28)
    assert (await sign_in(service, token)).status_code == 200
    end = time.monotonic() + 5
    while (found := await said(service, token)) == (200, ""):
        assert time.monotonic() < end
        await asyncio.sleep(0.05)
    assert found == (401, "token_expired")


async def test_an_algorithm_that_is_not_on_the_list(service: Service, issuer: Issuer) -> None:
    """AUTH-08: nothing unsigned, and nothing signed with what everybody knows."""
    head, body, signed_well = issuer.token(groups="admins").split(".")
    unknown: list[Any] = ["none", "None", "HS256", "HS512", "RS1", "dir", "", None, 7]
    for algorithm in unknown:
        forged = part({"alg": algorithm, "kid": "rsa"})
        for signature in ("", signed_well):
            assert (await said(service, f"{forged}.{body}.{signature}"))[0] == 401, algorithm
    public = issuer.keys["rsa"].as_dict(private=False)
    for secret in (b"", str(public["n"]).encode(), json.dumps(public).encode()):
        signed = jws.serialize_compact(
            {"alg": "HS256", "kid": "rsa"}, decoded(body), OctKey.import_key(secret or b"x" * 16), algorithms=["HS256"]
        )
        assert (await said(service, signed))[1] == "invalid_token"
    assert (await said(service, f"{head}.{body}."))[0] == 401


async def test_a_header_that_brings_its_own_rules_or_keys(service: Service, issuer: Issuer) -> None:
    """AUTH-08: also where its signature fits what it brings."""
    evil = rsa(1)
    _, body, _ = issuer.token(groups="admins").split(".")
    own: dict[str, Any] = {"jwk": evil.as_dict(private=False), "jku": "http://127.0.0.1:9/keys", "x5u": "http://127.0.0.1:9/keys"}
    for name, value in own.items():
        header = {"alg": "RS256", "kid": "rsa", name: value}
        token = jws.serialize_compact(header, decoded(body), evil, algorithms=["RS256"])
        assert await said(service, token) == (401, "invalid_token"), name
        token = jws.serialize_compact(header, decoded(body), issuer.keys["rsa"], algorithms=["RS256"])
        assert await said(service, token) == (401, "invalid_token"), name
    signature = issuer.token(groups="admins").rpartition(".")[2]
    others: tuple[dict[str, Any], ...] = (
        {"crit": ["exp"]},
        {"crit": []},
        {"x5c": ["MII"]},
        {"typ": "id+jwt"},
        {"typ": 7},
        {"b64": False},
    )
    for more in others:
        head = part({"alg": "RS256", "kid": "rsa", **more})
        assert await said(service, f"{head}.{body}.{signature}") == (401, "invalid_token"), more


async def test_a_name_of_a_key_that_names_none(service: Service, issuer: Issuer) -> None:
    _, body, signature = issuer.token(groups="admins").split(".")
    names: list[Any] = ["../../etc/passwd", "' OR 1=1 --", "nobodys", "", "\u0000", None, 7, ["rsa"], {"a": 1}]
    for kid in names:
        assert await said(service, f"{part({'alg': 'RS256', 'kid': kid})}.{body}.{signature}") == (401, "invalid_token"), kid


async def test_a_signature_of_another_key_or_kind_of_key(service: Service, issuer: Issuer) -> None:
    issuer.add("shared", OctKey.generate_key(256))
    with pytest.warns(match="bits"):
        issuer.add("short", RSAKey.generate_key(1024))
    issuer.add("ed", OKPKey.generate_key("Ed25519"))
    assert (await sign_in(service, issuer.token("ed", groups="leads"))).status_code == 200
    assert (await said(service, issuer.token("shared", groups="admins")))[1] == "invalid_token"
    assert (await said(service, issuer.token("short", groups="admins")))[1] == "invalid_token"
    _, body, _ = issuer.token(groups="admins").split(".")
    for kid, algorithm in (("rsa", "ES256"), ("ec", "RS256"), ("ed", "RS256")):
        _, _, signature = issuer.token("rsa", groups="admins").split(".")
        assert (await said(service, f"{part({'alg': algorithm, 'kid': kid})}.{body}.{signature}"))[1] == "invalid_token"
    changed = part({**json.loads(decoded(body)), "groups": "admins", "sub": "budi"})
    right = issuer.token(groups="admins")
    assert (await said(service, f"{right.split('.')[0]}.{changed}.{right.split('.')[2]}"))[1] == "invalid_token"


NO_TOKENS = ["e30.e30.e30", "....", "a.b.c", "e30.W10.e30", f"{'A' * 7000}.{'A' * 7000}.e30", "bnVsbA.e30.e30"]


async def test_what_is_no_token(service: Service, issuer: Issuer) -> None:
    for text in NO_TOKENS:
        assert await said(service, text) in {(401, "invalid_token"), (401, "invalid_key")}, text


async def test_a_name_twice_is_read_by_nobody(service: Service, issuer: Issuer) -> None:
    claims = json.loads(decoded(issuer.token(groups="admins").split(".")[1]))
    twice = json.dumps(claims)[:-1] + ', "groups": "admins"}'
    token = jws.serialize_compact({"alg": "RS256", "kid": "rsa"}, twice, issuer.keys["rsa"], algorithms=["RS256"])
    assert (await said(service, token))[1] == "invalid_token"


async def test_tokens_open_the_workspace_that_has_settled_their_issuer(service: Service, issuer: Issuer) -> None:
    other = await workspaces.create(service.owner, slug="other", mode=Mode.LIVE)
    token = issuer.token(groups="admins")
    assert await said(service, token, workspace=encode("wsp", other.id)) == (401, "invalid_token")
    for named in ("", "w-sandbox", encode("wsp", b"\0" * 16)):
        assert await said(service, token, workspace=named) == (401, "invalid_token")
    async with issuing() as theirs:
        theirs.add("rsa", rsa(1))
        await settle(service, other, theirs)
        await asyncio.sleep(1)  # that there was none was known for that long
        foreign = theirs.token(groups="admins")
        assert await said(service, foreign) == (401, "invalid_token")
        assert (await sign_in(service, foreign, workspace=encode("wsp", other.id))).status_code == 200
        borrowed = theirs.token(groups="admins", iss=issuer.address)
        assert await said(service, borrowed) == (401, "invalid_token")


async def test_a_provider_that_is_removed_opens_nothing_within_a_second(service: Service, issuer: Issuer) -> None:
    token = issuer.token(groups="leads")
    assert (await sign_in(service, token)).status_code == 200
    await workspace_identity.remove(service.owner, service.workspace, issuer.address)
    await asyncio.sleep(1)
    assert await said(service, token) == (401, "invalid_token")
    latest = (await service.get("/v1/audit", params={"actor_id": "cli"}))["data"][0]
    assert latest["operation"] == "remove_identity_provider"


async def test_keys_are_fetched_again_for_a_new_one_and_not_for_each_that_is_made_up(
    service: Service, issuer: Issuer, make_issuers: Make
) -> None:
    rsa(1)
    service.services.sign_ins._keys = make_issuers(again_seconds=1)
    assert (await sign_in(service, issuer.token(groups="leads"))).status_code == 200
    issuer.add("next", rsa(1))
    assert await said(service, issuer.token("next", groups="leads")) == (401, "invalid_token")
    await asyncio.sleep(1)
    assert (await sign_in(service, issuer.token("next", groups="leads"))).status_code == 200
    asked = issuer.asked
    await asyncio.sleep(1)
    strangers = [issuer.token(groups="leads", header={"kid": f"made-up-{n}"}) for n in range(50)]
    assert {await said(service, one) for one in strangers[:25]} == {(401, "invalid_token")}
    await asyncio.gather(*(said(service, one) for one in strangers[25:]))
    assert issuer.asked - asked <= 3


@pytest.mark.parametrize("mode", ["silent", "redirect", "huge", "nonsense", "dead", "another"])
async def test_an_issuer_that_is_not_well_lets_nobody_in_and_holds_nobody_up(
    service: Service, issuer: Issuer, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(issuers, "FETCH_SECONDS", 0.5)
    token = issuer.token(groups="leads")
    if mode == "dead":
        await settle(service, service.workspace, Issuer("http://127.0.0.1:9"))
        token = issuer.token(groups="leads", iss="http://127.0.0.1:9")
    elif mode == "another":
        issuer.named = "https://another.example"
    else:
        issuer.mode = mode
    waiting = [asyncio.create_task(sign_in(service, token)) for _ in range(20)]
    await asyncio.sleep(0.05)
    assert (await service.call("GET", "/v1/tickets")).status_code == 200
    answers = await asyncio.gather(*waiting)
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(503, "identity_provider_unavailable")}
    assert int(answers[0].headers["retry-after"]) > 0
    assert issuer.open <= 1


async def test_an_issuer_that_goes_away_locks_nobody_out_whose_key_is_known(
    service: Service, issuer: Issuer, make_issuers: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.services.sign_ins._keys = make_issuers(again_seconds=0)
    assert (await sign_in(service, issuer.token(groups="leads"))).status_code == 200
    issuer.mode = "nonsense"
    monkeypatch.setattr(issuers, "FRESH_SECONDS", 0)
    assert (await sign_in(service, issuer.token(groups="leads", sub="budi"))).status_code == 200
    monkeypatch.setattr(issuers, "KEPT_SECONDS", 0)
    assert (await said(service, issuer.token(groups="leads", sub="sri"))) == (503, "identity_provider_unavailable")


async def test_wrong_tokens_count_as_wrong_keys(service: Service, issuer: Issuer, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    monkeypatch.setattr(type(service.services.limiter), "wrong_key", lambda _, address: seen.append(address))
    await said(service, issuer.token(groups="leads", aud="other"))
    assert seen == ["127.0.0.1"]


@pytest.mark.parametrize(
    "address",
    [
        "http://issuer.example",
        "ftp://x",
        "https://",
        "https://u:p@x",
        "https://x/#a",
        "https://x/?a",
        "//x",
        "",
        "https://[",
        "file:///etc",
    ],
)
async def test_keys_come_over_tls_or_from_this_machine(address: str) -> None:
    keys = Issuers()
    with pytest.raises(Unusable):
        await keys.keys(address)
    await keys.close()


def test_everybody_has_a_role_only_where_they_have_no_other() -> None:
    provider = Provider("https://x", "a", "groups", {"*": Role.ADMIN, "readers": Role.READ_ONLY, "desk": Role.AGENT}, "employee")
    assert role_of(provider, {"groups": ["readers"]}, is_agent=True) is Role.READ_ONLY
    assert role_of(provider, {"groups": ["readers", "desk"]}, is_agent=True) is Role.AGENT
    assert role_of(provider, {"groups": ["desk"]}, is_agent=False) is Role.ADMIN
    assert role_of(provider, {"groups": "*"}, is_agent=False) is Role.ADMIN
    assert role_of(provider, {}, is_agent=False) is Role.ADMIN


def part(document: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(document).encode()).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
