"""The description as a page of Markdown, kept in the repository so that a change of the API is seen in review."""

from collections.abc import Iterable, Iterator

from app.api.docs.reference import Field, Operation, Section
from app.api.problem_codes import CODES

HEADER = "<!-- Written by `make openapi` from the code. Do not edit. -->\n"


def reference_markdown(title: str, description: str, sections: Iterable[Section]) -> str:
    listed = list(sections)
    lines = [HEADER, f"# {title}: the API\n", description.strip() + "\n", "## Contents\n", *_contents(listed), ""]
    for section in listed:
        lines += [f"## {section.tag}\n", section.description + "\n"]
        for operation in section.operations:
            lines += _operation(operation)
    return "\n".join([*lines, *_problems()])


def _contents(sections: Iterable[Section]) -> Iterator[str]:
    for section in sections:
        yield f"- [{section.tag}](#{section.tag})"
        for one in section.operations:
            yield f"  - [{one.summary}](#{one.id}) `{one.method} {one.path}`"
    yield "- [problems](#problems)"


def _operation(one: Operation) -> Iterator[str]:
    yield f'<a id="{one.id}"></a>\n'
    yield f"### {one.summary}\n"
    yield f"`{one.method} {one.path}` · `{one.id}`\n"
    if one.description:
        yield one.description + "\n"
    yield from _fields("Parameter", one.parameters)
    yield from _fields("Body", one.body)
    yield from _example("Request", one.body_example)
    yield from _fields(f"Answer {one.answer_status}", one.answer, sent=False)
    yield from _example("Answer", one.answer_example)
    codes = sorted({code for _, said in one.problems for code in CODES if f"`{code}`" in said})
    if codes:
        yield f"Problems: {', '.join(f'`{code}`' for code in codes)}.\n"


def _fields(heading: str, fields: Iterable[Field], *, sent: bool = True) -> Iterator[str]:
    rows = list(fields)
    if rows:
        yield f"| {heading} | Type | |"
        yield "|---|---|---|"
        for one in rows:
            required = ", required" if sent and one.required else ""
            yield f"| `{one.name}` | {_cell(one.type)}{required} | {_cell(one.description)} |"
        yield ""


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").replace("<", "&lt;").split())


def _example(heading: str, text: str) -> Iterator[str]:
    if text:
        yield f"<details><summary>{heading}</summary>\n\n```json\n{text}\n```\n\n</details>\n"


def _problems() -> Iterator[str]:
    yield "## problems\n"
    yield "Every refusal is `application/problem+json`; `code` never changes. The same texts are at `/problems/<code>`.\n"
    yield "| Code | Status | What it is | What to do |"
    yield "|---|---|---|---|"
    for code, known in sorted(CODES.items(), key=lambda item: (item[1].status, item[0])):
        yield f"| `{code}` | {known.status} | {_cell(known.title['en'])} | {_cell(known.advice['en'])} |"
    yield ""
