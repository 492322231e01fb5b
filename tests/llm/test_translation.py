"""Every exception class that the SDKs export becomes one of ours at the door."""

import groq
import httpx
import httpx2
import openai
import pytest

from llm.base import ModelError
from llm.chat import Errors, retry_after, translated
from llm.groq import ERRORS as GROQ_ERRORS
from llm.openai import ERRORS as OPENAI_ERRORS


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({}, None),
        ({"retry-after": "2.5"}, 2.5),
        ({"retry-after": "-3"}, None),
        ({"retry-after": "999999"}, 3600.0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, None),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:00"}, None),
    ],
)
def test_a_wait_is_read_with_suspicion(given: dict[str, str], found: float | None) -> None:
    assert retry_after(given) == found


def raised_by(sdk: type[Exception], module: object) -> list[type[Exception]]:
    """Every exception class an SDK exports, and all that derive from its base."""
    found = [each for each in list(vars(module).values()) if isinstance(each, type)]
    waiting, known = (
        [sdk, *(each for each in found if issubclass(each, sdk))],
        set[type[Exception]](),
    )
    while waiting:
        each = waiting.pop()
        if each not in known:
            known.add(each)
            waiting += each.__subclasses__()
    return sorted(known, key=lambda each: each.__name__)


def made(error: type[Exception], errors: Errors, response: object, request: object) -> Exception:
    """An exception as its SDK raises it, made without its constructor where that asks for more."""
    instance = error.__new__(error)
    Exception.__init__(instance, "trouble")
    if issubclass(error, errors.api):
        vars(instance).update(request=request, body=None, message="trouble", code=None)
    if issubclass(error, errors.status):
        vars(instance).update(response=response, status_code=getattr(response, "status_code", 0))
    return instance


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422, 429, 500, 503])
@pytest.mark.parametrize("error", raised_by(openai.OpenAIError, openai), ids=lambda e: e.__name__)
def test_no_error_of_openai_escapes(error: type[Exception], status: int) -> None:
    request = httpx2.Request("POST", "http://test")
    response = httpx2.Response(status, request=request)

    with pytest.raises(ModelError), translated(OPENAI_ERRORS):
        raise made(error, OPENAI_ERRORS, response, request)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422, 429, 500, 503])
@pytest.mark.parametrize("error", raised_by(groq.GroqError, groq), ids=lambda e: e.__name__)
def test_no_error_of_groq_escapes(error: type[Exception], status: int) -> None:
    request = httpx.Request("POST", "http://test")
    response = httpx.Response(status, request=request)

    with pytest.raises(ModelError), translated(GROQ_ERRORS):
        raise made(error, GROQ_ERRORS, response, request)


def test_every_exported_exception_is_among_those_tried() -> None:
    for module, base in ((openai, openai.OpenAIError), (groq, groq.GroqError)):
        exported = [
            each
            for name, each in list(vars(module).items())
            if isinstance(each, type) and issubclass(each, Exception) and name in module.__all__
        ]
        strangers = [each for each in exported if not issubclass(each, base | ValueError)]
        assert strangers == []
