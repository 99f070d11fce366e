"""Ids: 16 bytes and their one text."""

import base64
import time
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.api.ids import decode, encode, mint, read
from app.errors import Invalid, NotFound

RAW = st.binary(min_size=16, max_size=16)


@given(RAW)
def test_text_and_bytes_are_one_to_one(raw: bytes) -> None:
    text = encode("tkt", raw)
    assert text == "tkt_" + base64.b32hexencode(raw).decode().rstrip("=").lower()
    assert encode("tkt", UUID(bytes=raw)) == text
    assert decode("tkt", text) == raw


@given(RAW, RAW)
def test_texts_sort_as_bytes_do(first: bytes, second: bytes) -> None:
    assert (encode("evt", first) < encode("evt", second)) == (first < second)


@pytest.mark.parametrize(
    "text",
    [
        "", "tkt", "tkt_", "agt_06h0p9hgb9rg9c9jl48k1tvdq0", "06h0p9hgb9rg9c9jl48k1tvdq0", "tkt_06h0p9hgb9rg9c9jl48k1tvdq",
        "tkt_06h0p9hgb9rg9c9jl48k1tvdq00", "tkt_06h0p9hgb9rg9c9jl48k1tvdqz", "tkt_06H0P9HGB9RG9C9JL48K1TVDQ0",
        "tkt_06h0p9hgb9rg9c9jl48k1tvdq1", "tkt_06h0p9hgb9rg9c9jl48k1tvdq0\n", "tkt_\u06606h0p9hgb9rg9c9jl48k1tvdq0", "tkt_\0",
    ],
)  # fmt: skip
def test_what_is_no_id_names_nothing(text: str) -> None:
    assert read("tkt", text) is None
    with pytest.raises(NotFound) as missing:
        decode("tkt", text)
    assert missing.value.code == "ticket_not_found"
    with pytest.raises(Invalid) as wrong:
        decode("tkt", text, pointer="/ticket_id")
    assert [(mistake.pointer, mistake.code) for mistake in wrong.value.errors] == [("/ticket_id", "wrong_id")]


def test_new_ids_are_version_7_and_follow_the_clock() -> None:
    before = time.time_ns() // 1_000_000
    made = [mint() for _ in range(100)]
    after = time.time_ns() // 1_000_000
    assert len(set(made)) == 100
    for raw in made:
        assert UUID(bytes=raw).version == 7
        assert before <= int.from_bytes(raw[:6], "big") <= after
