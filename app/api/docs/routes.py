"""Where the description and the schema of configuration files are served. Closed with GILIRAN_DOCS=false, except the pages that problems point to."""

from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, Path, Query
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from app.api.deps import Speaks, refuse_unknown_parameters
from app.api.docs.configuration_schema import ADDRESS, as_text
from app.api.docs.html import STYLE, problem_page, problems_page, reference_page
from app.api.docs.reference import sections
from app.api.openapi import as_json
from app.api.problem_codes import CODES
from app.errors import NotFound
from app.settings import Settings

POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
HEADERS = {"Content-Security-Policy": POLICY, "Referrer-Policy": "no-referrer", "Cache-Control": "public, max-age=300"}
TEXT: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/html": {"schema": {"type": "string"}}}, "description": "A page."}
}

ProblemCode = Annotated[str, Path(description="The code of a problem.")]
Language = Annotated[str | None, Query(pattern="^(en|id)$", description="en or id; else what Accept-Language says.")]


def router(settings: Settings) -> APIRouter:
    made = APIRouter(tags=["description"])
    if settings.docs:
        made.add_api_route("/openapi.json", openapi_json, operation_id="get_description", summary="This description, OpenAPI 3.1",
                           response_class=Response, responses=_responses("application/json", "object"))  # fmt: skip
        made.add_api_route(ADDRESS, schema_json, operation_id="get_configuration_schema", summary="JSON Schema of configuration files",
                           response_class=Response, responses=_responses("application/schema+json", "object"))  # fmt: skip
        made.add_api_route("/docs", reference, operation_id="get_docs", summary="This description for people",
                           response_class=HTMLResponse, responses=TEXT)  # fmt: skip
    made.add_api_route("/docs/style.css", style, operation_id="get_style", summary="How the pages look",
                       response_class=Response, responses=_responses("text/css"))  # fmt: skip
    made.add_api_route("/problems", problems, operation_id="list_problems", summary="What each problem means",
                       response_class=HTMLResponse, responses=TEXT)  # fmt: skip
    made.add_api_route("/problems/{code}", problem, operation_id="get_problem", summary="What one problem means",
                       response_class=HTMLResponse, responses=TEXT | {404: {"description": "`not_found`: There is nothing here"}})  # fmt: skip
    return made


def _responses(media_type: str, kind: str = "string") -> dict[int | str, dict[str, Any]]:
    return {200: {"content": {media_type: {"schema": {"type": kind}}}, "description": "The file."}}


async def openapi_json(request: Request) -> Response:
    """The whole document."""
    return Response(_kept(request.app, "openapi_json"), media_type="application/json", headers=HEADERS)


async def schema_json() -> Response:
    """What an editor completes and checks a configuration file by: `# yaml-language-server: $schema=` and this address."""
    return Response(as_text(), media_type="application/schema+json", headers=HEADERS)


async def reference(request: Request) -> Response:
    """Every operation with its fields, an example and its problems; needs neither network nor script."""
    return HTMLResponse(_kept(request.app, "docs"), headers=HEADERS)


async def style() -> Response:
    """The one style sheet."""
    return Response(STYLE, media_type="text/css", headers=HEADERS)


async def problems(request: Request, speaks: Speaks, language: Language = None) -> Response:
    """The list of all codes."""
    refuse_unknown_parameters(request)
    return HTMLResponse(problems_page(language or speaks), headers=_spoken(language or speaks))


async def problem(request: Request, code: ProblemCode, speaks: Speaks, language: Language = None) -> Response:
    """What a code means and what to do about it, in English or Indonesian."""
    refuse_unknown_parameters(request)
    if code not in CODES:
        raise NotFound("not_found", "There is no problem of this name.")
    return HTMLResponse(problem_page(code, language or speaks), headers=_spoken(language or speaks))


def _spoken(language: str) -> dict[str, str]:
    return HEADERS | {"Content-Language": language, "Vary": "Accept-Language"}


def _kept(app: FastAPI, name: str) -> bytes:
    """Made once per process: a page takes longer to make than to send."""
    kept: dict[str, bytes] | None = getattr(app.state, "pages", None)
    if kept is None:
        document = app.openapi()
        info = document["info"]
        page = reference_page(info["title"], info["description"], sections(document))
        kept = app.state.pages = {"openapi_json": as_json(app), "docs": page.encode()}
    return kept[name]
