"""What a JSON merge patch of a model may say: each of its fields, or null for the default, and within objects the same."""

from functools import reduce
from operator import or_
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, BeforeValidator, Field, create_model
from pydantic.fields import FieldInfo

from app.api.body import Patch
from app.api.schemas.conditions import When, bounded

_WHEN = get_args(When)[1:]
PartOfCondition = Annotated[dict[str, Any], BeforeValidator(bounded)]
_MADE: dict[type[BaseModel], type[Patch]] = {}


def patch_of(model: type[BaseModel]) -> type[Patch]:
    """`<Model>Patch`, made once per model."""
    if model not in _MADE:
        fields: dict[str, Any] = {name: _optional(info) for name, info in model.model_fields.items()}
        _MADE[model] = create_model(f"{model.__name__}Patch", __base__=Patch, __doc__=_doc(model), **fields)
    return _MADE[model]


def _doc(model: type[BaseModel]) -> str:
    return f"{(model.__doc__ or '').strip()} What is left out stays, null is the default again."


def _optional(info: FieldInfo) -> tuple[Any, Any]:
    wanted: Any = PartOfCondition if any(one in _WHEN for one in info.metadata) else _part(info.annotation)
    if info.metadata and wanted == info.annotation:
        wanted = Annotated[(wanted, *info.metadata)]
    return wanted | None, Field(default=None, description=info.description, examples=info.examples)


def _part(annotation: Any) -> Any:
    """A model within the model is patched as well."""
    if get_origin(annotation) in (Union, UnionType):
        return reduce(or_, [_part(one) for one in get_args(annotation)])
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return patch_of(annotation)
    return annotation
