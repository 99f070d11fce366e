"""What to read when a day went wrong: the steps about the tickets and agents in question, and the last ones."""

from collections.abc import Iterable

from tests.simulation.tables import Broken

Line = tuple[float, tuple[object, ...]]
LAST = 8
ABOUT = 30


def trace(lines: list[Line], broken: Broken) -> Iterable[str]:
    """Lines of text, oldest first."""
    about = [number for number, (_, words) in enumerate(lines) if any(each in _said(words) for each in broken.about if each)]
    shown = sorted({*about[-ABOUT:], *range(max(len(lines) - LAST, 0), len(lines))})
    for number in shown:
        at, words = lines[number]
        yield f"{int(at) // 3600:02}:{int(at) // 60 % 60:02}:{at % 60:06.3f}  {_said(words)[:1500]}"


def _said(words: tuple[object, ...]) -> str:
    return " ".join(word if isinstance(word, str) else _plain(word) for word in words)


def _plain(word: object) -> str:
    """Lists of what happened as the events' types, all else as it is."""
    if isinstance(word, list):
        return "[" + ", ".join(f"{each[0]} {each[1].type}" if isinstance(each, tuple) else str(each) for each in word) + "]"
    return str(word)
