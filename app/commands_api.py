"""`openapi`: the contract of the API, as it is checked in."""

import json

from app.console import Explained, result, settings


def openapi() -> None:
    """Print what the API is: OpenAPI 3.1, made of its routes."""
    with Explained():
        from app.describing import described

        told = json.dumps(described(settings()), ensure_ascii=False, indent=2, sort_keys=True)
        result.print(told, markup=False, highlight=False, soft_wrap=True)
