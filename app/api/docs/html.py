"""Pages for people: plain HTML made here, one style sheet, no script. Everything that is shown is escaped."""

import re
from collections.abc import Iterable
from html import escape

from app.api.docs.reference import Field, Operation, Section
from app.api.problem_codes import CODES, LANGUAGES

STYLE = """\
:root { color-scheme: light dark; --line: #8884; --soft: #8881; --ink: #06c; }
* { box-sizing: border-box }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; display: grid; grid-template-columns: minmax(12rem, 17rem) minmax(0, 1fr) }
body.page { display: block; max-width: 46rem; margin: 0 auto; padding: 2rem 1rem }
nav { position: sticky; top: 0; height: 100vh; overflow: auto; padding: 1.5rem 1rem; border-right: 1px solid var(--line); font-size: .9rem }
nav ul { list-style: none; margin: 0 0 .8rem; padding: 0 }
nav a { display: block; padding: .1rem 0 }
main { padding: 1.5rem 2rem 6rem; max-width: 62rem }
a { color: var(--ink); text-decoration: none }
a:hover { text-decoration: underline }
h1 { margin-top: 0 }
h2 { margin: 3rem 0 .5rem; border-bottom: 1px solid var(--line) }
h3 { margin: 2rem 0 .3rem }
code, pre { font: .9em/1.45 ui-monospace, monospace }
pre { background: var(--soft); padding: .8rem 1rem; overflow: auto; border-radius: .4rem }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 1rem; font-size: .92rem }
th, td { text-align: left; vertical-align: top; padding: .25rem .6rem .25rem 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere }
td:first-child { white-space: nowrap }
summary { cursor: pointer; padding: .2rem 0 }
.verb { font-weight: 600; margin-right: .5rem }
@media (max-width: 48rem) { body { display: block } nav { position: static; height: auto; border: 0 } main { padding: 1rem } td:first-child { white-space: normal } }
"""


def reference_page(title: str, description: str, sections: Iterable[Section]) -> str:
    listed = list(sections)
    links = "".join(_links(section) for section in listed)
    parts = "".join(_section(section) for section in listed)
    intro = f'<h1>{escape(title)}</h1>{prose(description)}<p>For machines: <a href="/openapi.json">/openapi.json</a></p>'
    return _page(title, f"<nav>{links}</nav><main>{intro}{parts}</main>")


def problem_page(code: str, language: str) -> str:
    known = CODES[code]
    other = next(name for name in LANGUAGES if name != language)
    words = {"en": ("Status", "All problems", "Bahasa Indonesia"), "id": ("Status", "Semua masalah", "English")}[language]
    status, back, switch = words
    body = (
        f"<h1>{escape(known.title[language])}</h1><p><code>{escape(code)}</code> · {status} {known.status}</p>"
        f"<p>{escape(known.advice[language])}</p>"
        f'<p><a href="/problems/{escape(code)}?language={other}">{switch}</a> · <a href="/problems?language={language}">{back}</a></p>'
    )
    return _page(code, body, language=language, kind="page")


def problems_page(language: str) -> str:
    heading = {"en": "What each problem means", "id": "Arti setiap masalah"}[language]
    rows = "".join(
        f'<tr><td><a href="/problems/{code}?language={language}"><code>{code}</code></a></td><td>{known.status}</td>'
        f"<td>{escape(known.title[language])}</td></tr>"
        for code, known in sorted(CODES.items(), key=lambda item: (item[1].status, item[0]))
    )
    return _page(heading, f"<h1>{heading}</h1><table>{rows}</table>", language=language, kind="page")


def _page(title: str, body: str, *, language: str = "en", kind: str = "reference") -> str:
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="stylesheet" href="/docs/style.css"></head><body class="{kind}">{body}</body></html>'
    )


def _links(section: Section) -> str:
    items = "".join(f'<li><a href="#{escape(one.id)}">{escape(one.summary)}</a></li>' for one in section.operations)
    return f'<a href="#{escape(section.tag)}"><strong>{escape(section.tag)}</strong></a><ul>{items}</ul>'


def _section(section: Section) -> str:
    operations = "".join(_operation(one) for one in section.operations)
    return f'<section id="{escape(section.tag)}"><h2>{escape(section.tag)}</h2>{prose(section.description)}{operations}</section>'


def _operation(one: Operation) -> str:
    problems = "".join(f"<tr><td>{escape(status)}</td><td>{_inline(said)}</td></tr>" for status, said in one.problems)
    return (
        f'<article id="{escape(one.id)}"><h3>{escape(one.summary)}</h3>'
        f'<p><code><span class="verb">{one.method}</span>{escape(one.path)}</code></p>{prose(one.description)}'
        + _fields("Parameters", one.parameters)
        + _fields("Body", one.body)
        + _example("Request", one.body_example)
        + _fields(f"Answer {one.answer_status}", one.answer, sent=False)
        + _example("Answer", one.answer_example)
        + f"<details><summary>Problems</summary><table>{problems}</table></details></article>"
    )


def _fields(heading: str, fields: Iterable[Field], *, sent: bool = True) -> str:
    rows = "".join(
        f"<tr><td><code>{escape(one.name)}</code></td><td>{escape(one.type)}{', required' if sent and one.required else ''}</td>"
        f"<td>{_inline(one.description)}</td></tr>"
        for one in fields
    )
    return f"<details open><summary>{heading}</summary><table>{rows}</table></details>" if rows else ""


def _example(heading: str, text: str) -> str:
    return f"<details><summary>Example: {heading.lower()}</summary><pre>{escape(text)}</pre></details>" if text else ""


def prose(text: str) -> str:
    """Paragraphs with `code` and **weight**."""
    return "".join(f"<p>{_inline(part)}</p>" for part in text.strip().split("\n\n") if part)


def _inline(text: str) -> str:
    safe = escape(text)
    safe = re.sub(r"`([^`]+)`", r"<code>\1</code>", safe)
    return re.sub(r"\*\*([^*]+)\*\*", r"<strong>\1</strong>", safe)
