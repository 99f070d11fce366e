"""`giliran init`: questions answered, a file written, and that file in force."""

import os
import pty
import re
import select
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from app.cli import app as command_line
from app.cli_init_answers import WrongAnswer, channels, choice, listed, number, pair, shown_pair, text, zone
from app.cli_init_words import LANGUAGES
from app.engine.vocabulary import Channel
from app.services.configuration.first_file import PROMISES, names_of
from app.services.configuration.read import read
from tests.api.service import Service

ROOT = Path(__file__).parents[2]
ANSWERS = {
    "id": ["PT Maju Jaya", "Penagihan, Teknis", "WhatsApp, web form", "Ani Wijaya, Budi", "", "Budi, Sri", "wit", "3", "2", "", "2",
           "10 menit, 2 jam", "-", "4j, 2h", "-, 5 hari"],
    "en": ["PT Maju Jaya", "Billing, Tech", "WhatsApp, web form", "Ani Wijaya, Budi", "", "Budi, Sri", "asia/jayapura", "3",
           "whoever has the most room", "", "2", "10 min, 2h", "-", "4h, 2d", "-, 5d"],
}  # fmt: skip
ENGLISH, INDONESIAN = LANGUAGES["en"].units, LANGUAGES["id"].units


def call(*arguments: str, answers: list[str] | None = None, **env: str) -> Result:
    said = None if answers is None else "".join(f"{answer}\n" for answer in answers)
    return CliRunner().invoke(
        command_line, ["init", *arguments], input=said, env={"LC_ALL": "", "LC_MESSAGES": "", "LANG": "C"} | env
    )


@pytest.mark.parametrize("language", ["en", "id"])
async def test_what_was_answered_is_in_force(bare: Service, tmp_path: Path, language: str) -> None:
    file = tmp_path / "desk.yaml"
    done = call(str(file), "--language", language, answers=ANSWERS[language])
    assert done.exit_code == 0, done.output
    assert [re.split(r"  +", line)[1] for line in done.stdout.splitlines()[-2:]] == [
        f"giliran diff {file}",
        f"giliran apply {file}",
    ]
    document = read(file).document
    first, second = ("penagihan", "teknis") if language == "id" else ("billing", "tech")
    assert document["default_queue"] == second
    assert document["time_zone"] == "Asia/Jayapura"
    assert document["routing_policies"] == [
        {"name": "standard", "strategy": "least_load", "order": "priority", "handover": "offer"}
    ]
    assert document["sla_policies"][0]["targets"] == {
        "urgent": {"first_response_seconds": 600, "resolution_seconds": 7200},
        "medium": {"first_response_seconds": 14_400, "resolution_seconds": 172_800},
        "low": {"resolution_seconds": 432_000},
    }
    assert [(agent["name"], agent["teams"], agent["capacity"]) for agent in document["agents"]] == [
        ("ani-wijaya", [first], 3), ("budi", [first, second], 3), ("sri", [second], 3),
    ]  # fmt: skip
    assert (await bare.apply(document)).status_code == 200
    for channel, queue in (("whatsapp", first), ("web_form", first), ("email", second)):
        ticket = await bare.ticket(channel=channel)
        assert (await bare.get(f"/v1/queues/{queue}"))["id"] == ticket["queue_id"]


@pytest.mark.parametrize("language", ["en", "id"])
async def test_defaults_ask_nothing(bare: Service, tmp_path: Path, language: str) -> None:
    file = tmp_path / "desk.yaml"
    done = call(str(file), "--defaults", "--language", language, answers=[])
    assert done.exit_code == 0, done.output
    text_of = file.read_text(encoding="utf-8")
    assert text_of.startswith("# yaml-language-server: $schema=http://127.0.0.1:8000/configuration.schema.json\n")
    assert ("Kelompok orang" in text_of) == (language == "id")
    assert (await bare.apply(read(file).document)).status_code == 200


def test_enter_is_the_default_and_the_language_is_that_of_lang(tmp_path: Path) -> None:
    for lang, said in (("id_ID.UTF-8", "Layanan Pelanggan"), ("en_GB", "Support"), ("C", "Support")):
        file = tmp_path / f"{lang}.yaml"
        assert call(str(file), answers=[""] * 15, LANG=lang).exit_code == 0
        (team,) = read(file).document["teams"]
        assert team["title"] == said


def test_an_answer_that_cannot_be_understood_is_asked_again(tmp_path: Path) -> None:
    file = tmp_path / "desk.yaml"
    wrong = [
        "x" * 201,
        "Acme",
        " , ",
        "A, a",
        "One",
        "Ani, Ani",
        "Ani",
        "Jakarta",
        "WIB",
        "many",
        "0",
        "4",
        "9",
        "1",
        "",
        "",
        "1",
        "4h, 1h",
        "1h, 4h",
    ]
    done = call(str(file), answers=[*wrong, "", "", ""])
    assert done.exit_code == 0, done.output
    for said in (
        "1 to 200",
        "each once",
        '"Jakarta" is not the name',
        "from 1 to 1000",
        "1 to 4",
        "Two times",
        "before the first answer",
    ):
        assert said in done.output
    assert read(file).document["time_zone"] == "Asia/Jakarta"


def test_a_file_that_is_there_stays(tmp_path: Path) -> None:
    file = tmp_path / "desk.yaml"
    file.write_text("mine")
    assert (call(str(file), "--defaults").exit_code, file.read_text()) == (1, "mine")
    assert call(str(file), "--defaults", "--force").exit_code == 0
    assert "teams:" in file.read_text()
    assert call(str(tmp_path / "desk.json"), "--defaults").exit_code == 2
    (tmp_path / "link.yaml").symlink_to(tmp_path / "nowhere.yaml")
    assert call(str(tmp_path / "link.yaml"), "--defaults").exit_code == 1
    assert call(str(tmp_path / "no" / "folder.yaml"), "--defaults").exit_code == 1


def test_whoever_stops_answering_gets_no_file(tmp_path: Path) -> None:
    file = tmp_path / "desk.yaml"
    done = call(str(file), answers=["Acme"])
    assert done.exit_code == 130
    assert "Nothing was written" in done.output
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_on_a_terminal_leaves_nothing(tmp_path: Path) -> None:
    def interrupted() -> tuple[int, str]:
        ours, theirs = pty.openpty()
        command = [sys.executable, "-m", "app.cli", "init", str(tmp_path / "desk.yaml"), "--language", "id"]
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        child = subprocess.Popen(
            command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment, start_new_session=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509  (whatever these tests were started with)
        )  # fmt: skip
        os.close(theirs)
        said = b""
        while b"Nama perusahaan" not in said and select.select([ours], [], [], 60)[0]:
            said += os.read(ours, 4096)
        os.write(ours, b"Acme\n")
        while b"Tim, dipisahkan" not in said and select.select([ours], [], [], 60)[0]:
            said += os.read(ours, 4096)
        child.send_signal(signal.SIGINT)
        while b"Tidak ada yang ditulis" not in said and select.select([ours], [], [], 60)[0]:
            said += os.read(ours, 4096)
        code = child.wait(60)
        os.close(ours)
        return code, said.decode()

    code, said = interrupted()
    assert code == 130, said
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("understood", "meant"),
    [
        (lambda: text("  Ani "), "Ani"),
        (lambda: listed("Ani,, Budi ", most=2), ("Ani", "Budi")),
        (lambda: channels("Live chat, live-chat, SMS", list(Channel)), (Channel.LIVE_CHAT, Channel.SMS)),
        (lambda: zone("wita"), "Asia/Makassar"),
        (lambda: zone("europe/london"), "Europe/London"),
        (lambda: number(" 7 ", least=1, most=9), 7),
        (lambda: choice("Bergiliran", ["bergiliran"]), 0),
        (lambda: pair("15 menit, 2 hari", INDONESIAN), (900, 172_800)),
        (lambda: pair("4j, 2h", INDONESIAN), (14_400, 172_800)),
        (lambda: pair("-, 2H", ENGLISH), (None, 7200)),
        (lambda: names_of(["Ani", "ani", "Ölaf Ñ", "王", "!!"], otherwise="agent"), ["ani", "ani-2", "olaf-n", "agent", "agent-2"]),
        (lambda: [pair(shown_pair(each, units), units) for units in (ENGLISH, INDONESIAN) for each in PROMISES.values()],
         [*PROMISES.values()] * 2),
    ],
)  # fmt: skip
def test_answers_are_understood(understood: Any, meant: object) -> None:
    assert understood() == meant


@pytest.mark.parametrize(
    ("refused", "code"),
    [
        (lambda: text("a\x1b[0m"), "text"),
        (lambda: text(" "), "text"),
        (lambda: listed("a, b, c", most=2), "many"),
        (lambda: channels("fax", list(Channel)), "channel"),
        (lambda: channels("sms", [Channel.EMAIL]), "channel"),
        (lambda: zone("Factory"), "zone"),
        (lambda: zone(""), "zone"),
        (lambda: number("1e3", least=1, most=9), "number"),
        (lambda: number("10", least=1, most=9), "number"),
        (lambda: choice("0", ["a"]), "choice"),
        (lambda: pair("15m", ENGLISH), "times"),
        (lambda: pair("15, 20", ENGLISH), "times"),
        (lambda: pair("0m, 1h", ENGLISH), "times"),
        (lambda: pair("1h, 999d", ENGLISH), "times"),
        (lambda: pair("2h, 1h", ENGLISH), "rising"),
    ],
)
def test_answers_are_refused(refused: Any, code: str) -> None:
    with pytest.raises(WrongAnswer) as wrong:
        refused()
    assert wrong.value.code == code
    for words in LANGUAGES.values():
        assert words.mistakes[code].format(**wrong.value.facts)
