"""`giliran init`: a few questions, and a first configuration file with comments."""

import os
import shlex
from collections.abc import Callable
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from pydantic import ValidationError

from app.api.schemas.configuration import ConfigurationDocument
from app.cli_client import LOCAL
from app.cli_database import fail
from app.cli_export import schema_comment
from app.cli_init_answers import WrongAnswer, channels, choice, listed, number, pair, shown_pair, text, zone
from app.cli_init_words import HOME, LANGUAGES, Choices, Words
from app.cli_write import write
from app.engine.vocabulary import Channel, Handover, Order, Priority, Strategy
from app.services.configuration.check import check
from app.services.configuration.first_file import PROMISES, Answers, TeamAnswers, file_of
from app.services.configuration.read import parse

T = TypeVar("T")
INTERRUPTED = 130
MOST_TEAMS, MOST_PEOPLE, MOST_HELD = 50, 1000, 1000


class Language(StrEnum):
    """In which it asks and comments."""

    EN = "en"
    ID = "id"


def init(
    file: Annotated[Path, typer.Argument(help="Where to write, ending in .yaml.")] = Path("giliran.yaml"),
    *,
    language: Annotated[Language | None, typer.Option(help="en or id; else what LANG says.")] = None,
    defaults: Annotated[bool, typer.Option("--defaults", help="Ask nothing.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
    url: Annotated[str, typer.Option(envvar="GILIRAN_URL", help="Where the API is; editors find the schema there.")] = LOCAL,
) -> None:
    """Ask a few questions, in English or Indonesian, and write a first configuration file."""
    spoken = language or _spoken()
    words = LANGUAGES[spoken]
    if file.suffix.lower() not in (".yaml", ".yml"):
        raise fail(words.mistakes["ends"], code=2)
    if (file.exists() or file.is_symlink()) and not force:
        raise fail(words.mistakes["exists"].format(file=file))
    try:
        answers = _assumed(words, HOME[spoken]) if defaults else _asked(words, HOME[spoken])
    except typer.Abort:
        typer.echo(f"\n{words.stopped}", err=True)
        raise typer.Exit(INTERRUPTED) from None
    made = file_of(answers, words.comments, schema=schema_comment(url))
    document = _checked(made)
    write(file, made)
    typer.echo(words.written.format(file=file, agents=len(document.agents), queues=len(document.queues)))
    for said, command in zip(words.following, ("diff", "apply"), strict=True):
        typer.echo(f"{said}  giliran {command} {shlex.quote(str(file))}")


def _spoken() -> Language:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return Language.ID if value.lower().split("_")[0].split(".")[0] in ("id", "in") else Language.EN
    return Language.EN


def _assumed(words: Words, home: str) -> Answers:
    return Answers(words.company[1], (TeamAnswers(words.teams[1]),), home)


def _asked(words: Words, home: str) -> Answers:
    typer.echo(f"{words.hello}\n")
    company = _ask(words, *words.company, text)
    titles = _ask(words, *words.teams, lambda said: listed(said, most=MOST_TEAMS, least=1))
    free = list(Channel)
    teams = []
    for title in titles:
        taken: tuple[Channel, ...] = ()
        if len(titles) > 1 and free:
            question = words.channels.format(team=title, known=", ".join(free))
            taken = _ask(words, question, "", partial(channels, free=free))
            free = [channel for channel in free if channel not in taken]
        people = _ask(words, words.people.format(team=title), "", lambda said: listed(said, most=MOST_PEOPLE))
        teams.append(TeamAnswers(title, taken, people))
    return Answers(
        company,
        tuple(teams),
        _ask(words, words.zone, home, zone),
        _ask(words, words.capacity, "5", lambda said: number(said, least=1, most=MOST_HELD)),
        Strategy(_choose(words, *words.strategy)),
        Order(_choose(words, *words.order)),
        Handover(_choose(words, *words.handover)),
        _promises(words),
    )


def _promises(words: Words) -> dict[Priority, tuple[int | None, int | None]]:
    typer.echo(words.promises)
    return {
        priority: _ask(
            words, f"  {words.priorities[priority]}", shown_pair(usual, words.units), lambda said: pair(said, words.units)
        )
        for priority, usual in PROMISES.items()
    }


def _choose(words: Words, question: str, among: Choices) -> str:
    typer.echo(f"{question}:")
    for place, said in enumerate(among.values(), 1):
        typer.echo(f"  {place}  {said}")
    return list(among)[_ask(words, " ", "1", lambda said: choice(said, list(among.values())))]


def _ask(words: Words, question: str, usual: str, understand: Callable[[str], T]) -> T:
    """Until the answer can be understood. Raises typer.Abort when nobody answers any more."""
    while True:
        said = typer.prompt(question, default=usual, show_default=bool(usual))
        try:
            return understand(said)
        except WrongAnswer as wrong:
            typer.echo(f"  {words.mistakes[wrong.code].format(**wrong.facts)}")


def _checked(made: str) -> ConfigurationDocument:
    """A file that apply would refuse is not written; that it would be is a mistake of ours."""
    found = parse(made.encode(), suffix=".yaml").document
    try:
        document = ConfigurationDocument.model_validate(found)
    except ValidationError as error:
        raise fail(f"These answers make no configuration: {error.errors()[0]['msg']}.") from None
    for mistake in check(document.wanted()):
        raise fail(f"These answers make no configuration: {mistake.detail}")
    return document
