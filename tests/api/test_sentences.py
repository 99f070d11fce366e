"""A refusal says the same in both languages, and as much."""

import re

import pytest

from app.api.mistakes import SENTENCES
from app.api.problems import document
from app.api.sentences import INDONESIAN, in_indonesian
from app.engine.mistakes import Mistake
from app.errors import Conflict, Invalid, Malformed
from tests.api.service import Service

INDONESIAN_SPEAKER = {"Accept-Language": "id"}


@pytest.mark.parametrize("sentence", sorted({sentence for _, sentence in SENTENCES.values()}))
def test_each_sentence_about_a_field_is_said_in_indonesian(sentence: str) -> None:
    filled = re.sub("{[a-z_]+}", "7", sentence)
    said = in_indonesian(filled)
    assert said is not None
    assert said != filled
    assert said.count("7") == filled.count("7")


@pytest.mark.parametrize("english", INDONESIAN)
def test_nothing_that_is_filled_in_is_lost(english: str) -> None:
    """Each value stands in the sentence of the other language, whatever is written in it."""
    values = [f"<{n} {{}} \\1>" for n in range(english.count("{}"))]
    said = in_indonesian(english.format(*values))
    assert said is not None
    assert all(value in said for value in values)


def test_a_detail_keeps_what_is_specific() -> None:
    problem = Conflict("ticket_wrong_state", "The ticket is resolved and cannot be started.", ticket_status="resolved")
    assert (
        document(problem, request_id="req_1", language="id")["detail"]
        == "Tiket berstatus resolved dan tidak dapat menjadi started."
    )
    parameter = Malformed("invalid_parameter", "The parameter limit cannot be understood. Expected a number of at most 200.")
    assert document(parameter, request_id="req_1", language="id")["detail"] == (
        "Parameter limit tidak dapat dipahami. Seharusnya bilangan paling besar 200."
    )
    unknown = document(Conflict("conflict", "Something new stands in the way: 42."), request_id="req_1", language="id")["detail"]
    assert unknown.endswith("(Something new stands in the way: 42.)")


def test_mistakes_are_said_in_the_same_language() -> None:
    mistakes = [Mistake("/a", "required", "This field is required."), Mistake("/b", "new", "Brand new.")]
    problem = Invalid("invalid_body", "The body has 2 mistakes; errors says where.", errors=mistakes)
    shown = document(problem, request_id="req_1", language="id")
    assert shown["detail"] == "Isi permintaan mengandung 2 kesalahan; errors menunjuk tempatnya."
    assert [one["detail"] for one in shown["errors"]] == ["Kolom ini wajib diisi.", "Brand new."]
    assert [one["detail"] for one in document(problem, request_id="req_1")["errors"]] == ["This field is required.", "Brand new."]


async def test_over_the_api(service: Service) -> None:
    problem = await service.post("/v1/tickets", {"queue": "nowhere", "priority": 7}, status=422, headers=INDONESIAN_SPEAKER)
    assert problem["title"] == "Isi permintaan mengandung kesalahan"
    assert [one["detail"][:21] for one in problem["errors"]] == ["Seharusnya salah satu"]
    problem = await service.get("/v1/tickets/tkt_0", status=404, headers=INDONESIAN_SPEAKER)
    assert problem["detail"] == "Tidak ada tiket dengan id ini di ruang kerja ini."
