"""The description for people and machines, served by the service itself: /openapi.json, /docs, /problems/<code>. Works offline."""

from app.api.docs.routes import router

__all__ = ["router"]
