"""Bodies, read strictly: what two readers could understand in two ways is refused. The one seam of thin routes (docs/decisions/0006).

A route reads its body with `read_json` once it knows who asks, and describes it with `takes`.
"""

import asyncio
import json
import re
from typing import Any, NoReturn, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.requests import Request

from app.api.context import exchange
from app.api.deps import whole_body
from app.api.mistakes import mistakes_of, unstorable
from app.errors import Invalid, Malformed, WrongType

Model = TypeVar("Model", bound=BaseModel)

JSON = "application/json"
MERGE_PATCH = "application/merge-patch+json"
LONG_BODY = 256 * 1024  # bytes from which reading would hold up everybody else
MOST_MEMBERS = 5_000  # of one object; nothing that is read here comes near it
MOST_MISTAKES = 10_000  # telling a mistake takes longer than finding it
BODIES: dict[str, type[BaseModel]] = {}

_PARAMETERS = re.compile(r'(?:[ \t]*;[ \t]*(?:charset[ \t]*=[ \t]*"?utf-?8"?)?)*', re.IGNORECASE)
_ESCAPED = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")
_TOO_LONG = "integer string conversion"


class Nothing(BaseModel):
    """A body with nothing in it: {} or none at all."""

    model_config = {"extra": "forbid"}


class Patch(BaseModel):
    """A JSON merge patch (RFC 7396): what is left out stays, null clears, a list is replaced whole."""

    model_config = {"extra": "forbid", "strict": True}


async def read_json(request: Request, model: type[Model], *, optional: bool = False) -> Model:
    """The body as the model. With `optional` an empty one is {}.

    Raises WrongType 415, Malformed 400 or Invalid 422, the latter with a pointer per mistake.
    """
    raw = await whole_body(request)
    if optional and not raw:
        raw = b"{}"
    else:
        check_content_type(request)
    return parse(raw, model) if len(raw) < LONG_BODY else await asyncio.to_thread(parse, raw, model)


def parse(raw: bytes, model: type[Model]) -> Model:
    """Two readings: the first refuses what pydantic's parser would let pass, the second is pydantic's own, strict about JSON."""
    document = strict_json(raw)
    try:
        return model.model_validate_json(raw)
    except ValidationError as error:
        refuse_too_many(error)
        errors = error.errors(include_url=False, include_input=False)
        _refuse_unreadable(errors)
        mistakes = mistakes_of(errors, document)
        raise Invalid("invalid_body", _summary(len(mistakes)), errors=mistakes) from None


def refuse_too_many(error: ValidationError) -> None:
    """Raises Invalid 422 where it would take longer to tell the mistakes than to find them."""
    if error.error_count() > MOST_MISTAKES:
        raise Invalid("invalid_body", f"The body has {error.error_count():,} mistakes, too many to list.") from None


def strict_json(raw: bytes) -> Any:
    """Any document of RFC 8259 in UTF-8. Raises Malformed for repeated names, NaN and depth, Invalid for unstorable text."""
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        raise Malformed("malformed_json", f"The body is not UTF-8: byte {error.start} cannot be read.") from None
    if text.startswith("\ufeff"):
        raise Malformed("malformed_json", "The body begins with a byte-order mark. Send UTF-8 without one.")
    try:
        document = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        detail = f"The body is not JSON: {error.msg} (line {error.lineno}, column {error.colno})."
        raise Malformed("malformed_json", detail) from None
    except RecursionError:
        raise Malformed("malformed_json", "The body is nested too deep.") from None
    except ValueError as error:
        _refuse_value(error)
    if _ESCAPED.search(raw) and (mistakes := unstorable(document)):
        raise Invalid("invalid_body", _summary(len(mistakes)), errors=mistakes)
    return document


def check_content_type(request: Request, *allowed: str) -> None:
    """JSON in UTF-8, not packed. Merge patches may come under their own name, on PATCH."""
    head = exchange(request).head
    sent = head.get(b"content-type", ())
    if not allowed and len(sent) == 1 and sent[0] == b"application/json" and b"content-encoding" not in head:
        return  # as nearly everybody sends it
    said = sent[0].decode("latin-1") if sent else ""
    kind, _, _ = said.partition(";")
    known = allowed or ((JSON, MERGE_PATCH) if request.method == "PATCH" else (JSON,))
    if len(sent) != 1 or kind.strip().lower() not in known:
        raise WrongType("unsupported_media_type", f"Send Content-Type: {' or '.join(known)}.", allowed=list(known))
    if _PARAMETERS.fullmatch(said[len(kind) :]) is None:
        raise WrongType("unsupported_media_type", "The body has to be UTF-8; leave the charset away or name utf-8.")
    if head.get(b"content-encoding", [b"identity"])[0].strip().lower() != b"identity":
        raise WrongType("unsupported_media_type", "Send the body unpacked: Content-Encoding is not read here.")


def takes(model: type[BaseModel], *, example: Any = None, optional: bool = False) -> dict[str, Any]:
    """`@router.post(…, openapi_extra=takes(TicketIn, example={…}))`: the body that `read_json` will read.

    A Patch may come under its own media type as well.
    """
    BODIES[model.__name__] = model
    content: dict[str, Any] = {"schema": {"$ref": f"#/components/schemas/{model.__name__}"}}
    if example is not None:
        content["example"] = example
    kinds = (JSON, MERGE_PATCH) if issubclass(model, Patch) else (JSON,)
    return {"requestBody": {"required": not optional, "content": dict.fromkeys(kinds, content)}}


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _RepeatedError
    if len(found) > MOST_MEMBERS:
        raise _TooManyError
    return found


def _constant(_name: str) -> NoReturn:
    raise _NotFiniteError


def _finite(text: str) -> float:
    value = float(text)
    if value - value != 0:
        raise _NotFiniteError
    return value


class _RepeatedError(ValueError):
    pass


class _TooManyError(ValueError):
    pass


class _NotFiniteError(ValueError):
    pass


_DECODER = json.JSONDecoder(object_pairs_hook=_once, parse_constant=_constant, parse_float=_finite)


def _refuse_value(error: ValueError) -> NoReturn:
    if isinstance(error, _RepeatedError):
        raise Malformed("malformed_json", "An object of the body has the same name twice.") from None
    if isinstance(error, _NotFiniteError):
        raise Malformed("malformed_json", "The body holds a number that is not finite: JSON has none.") from None
    if isinstance(error, _TooManyError):
        raise Invalid("invalid_body", f"An object of the body has more than {MOST_MEMBERS:,} names.") from None
    if _TOO_LONG in str(error):
        raise Invalid("invalid_body", "The body holds a whole number with too many digits.") from None
    raise Malformed("malformed_json", "The body is not JSON.") from None


def _refuse_unreadable(errors: list[Any]) -> None:
    for error in errors:
        if error["type"] == "json_invalid":
            reason = str((error.get("ctx") or {}).get("error", "it cannot be read"))
            raise Malformed("malformed_json", f"The body is not JSON: {reason}.") from None


def _summary(count: int) -> str:
    return "The body has one mistake; errors says where." if count == 1 else f"The body has {count} mistakes; errors says where."
