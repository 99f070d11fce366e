"""The configuration document as JSON Schema, by which editors complete and check a file while it is written."""

import json
from functools import cache
from typing import Any

from app.api.schemas.configuration import ConfigurationDocument

ADDRESS = "/configuration.schema.json"


@cache
def configuration_schema() -> dict[str, Any]:
    """Draft 2020-12. What needs the whole document, such as names that lead nowhere, only the service can say."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:giliran:configuration",
        **ConfigurationDocument.model_json_schema(),
        "title": "Configuration of Giliran",
    }


def as_text() -> str:
    return json.dumps(configuration_schema(), ensure_ascii=False, indent=2) + "\n"
