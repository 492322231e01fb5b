"""Whom the product may call: the networks, and what the file of settings names; nobody else."""

import ast
import re
from urllib.parse import urlsplit

from config.networks import TelegramSettings, WhatsAppCloudSettings
from config.settings import Settings
from tests.architecture.sources import Source, product

CALLED = {
    "api.telegram.org": "config/networks.py",
    "graph.facebook.com": "config/networks.py",
    "api.groq.com": "llm/senses.py",
}
"""Hosts that are called without anybody naming them. The SDKs of OpenAI and Groq know their own."""
NAMED = {
    "github.com", "platform.openai.com", "schemas.openxmlformats.org", "snowballstem.org",
    "tienda.cl", "www.w3.org", "x.cl",
}  # fmt: skip
"""In comments of our own, examples and names of formats: nobody calls them."""
DIALLERS = {
    "bot/channels/telegram/aiogram_client.py", "bot/channels/telegram/ptb_client.py",
    "bot/channels/whatsapp/neonize_client.py", "bot/channels/whatsapp_cloud/transport.py",
    "learning/llama_server.py", "learning/ollama.py", "learning/trainers/openai.py",
    "llm/ending.py", "llm/groq.py", "llm/hosted_embeddings.py", "llm/openai.py", "llm/senses.py",
    "services/posts.py", "services/telemetry.py",
}  # fmt: skip
"""Every file that opens a connection to another machine than the database's and Redis'."""
LIBRARIES = {
    "aiohttp", "aiogram", "groq", "httpx", "neonize", "openai", "telegram", "requests", "urllib3",
    "websockets",
}  # fmt: skip
EXPORTER = "opentelemetry.exporter"
RAW = {
    "ftplib", "http.client", "imaplib", "poplib", "smtplib", "socketserver", "telnetlib",
    "urllib.request", "xmlrpc.client",
}  # fmt: skip
OPENING = {"open_connection", "create_connection", "sock_connect", "getaddrinfo", "urlopen"}
LOCAL = {"store/migrations/__init__.py": "open_connection", "store/session.py": "open_connection"}
"""Our own function of that name, which opens the database's."""
ADDRESS = re.compile(r"https?://[A-Za-z0-9][^\s\"'`<>(){}\\]+")
SET = {"base_url", "otlp_url", "webhook_url", "public_url"}


def strings(source: Source) -> list[str]:
    found = (one.value for one in ast.walk(source.tree) if isinstance(one, ast.Constant))
    return [value for value in found if isinstance(value, str)]


def test_no_host_stands_in_the_code_but_those_that_may_be_called() -> None:
    told = [
        (host, source.name)
        for source in product()
        for text in strings(source)
        for address in ADDRESS.findall(text)
        if (host := (urlsplit(address).hostname or "").rstrip(".:")) not in NAMED | {""}
    ]
    assert dict(told) == CALLED
    assert len(told) == len(CALLED), "an address stands in one place"


def test_only_named_files_open_a_connection_to_elsewhere() -> None:
    found = {
        one.name
        for one in product()
        if one.libraries & LIBRARIES or any(name.startswith(EXPORTER) for name in one.imports)
    }
    assert found == DIALLERS


def test_nobody_dials_past_those_libraries() -> None:
    imported = [(one.name, sorted(one.imports & RAW)) for one in product() if one.imports & RAW]
    dialled = [
        (one.name, node.attr if isinstance(node, ast.Attribute) else node.id)
        for one in product()
        for node in ast.walk(one.tree)
        if isinstance(node, ast.Attribute | ast.Name)
        and (node.attr if isinstance(node, ast.Attribute) else node.id) in OPENING
    ]
    assert imported == []
    assert {pair for pair in dialled if LOCAL.get(pair[0]) != pair[1]} == set()


def test_no_redirect_is_followed_by_what_we_open_ourselves() -> None:
    """A host that may be called could else send us to one that may not."""
    loose = [
        (one.name, node.lineno)
        for one in product()
        for node in ast.walk(one.tree)
        if isinstance(node, ast.keyword)
        and node.arg in {"follow_redirects", "allow_redirects"}
        and not (isinstance(node.value, ast.Constant) and node.value.value is False)
    ]
    assert loose == []


def test_a_library_that_follows_redirects_is_told_not_to() -> None:
    """aiohttp does unless each call says otherwise; httpx does not."""
    calls = [
        (one.name, node.lineno, {word.arg for word in node.keywords})
        for one in product()
        if "aiohttp" in one.libraries
        for node in ast.walk(one.tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"get", "post", "request"}
        and ast.unparse(node.func.value) == "session"
    ]
    assert len(calls) > 1
    assert [call for call in calls if "allow_redirects" not in call[2]] == []


def test_where_to_call_is_for_the_file_of_settings_alone_to_say() -> None:
    """No page and no program may name a host: the pages know no setting that holds one."""
    named = [
        (one.name, node.attr)
        for one in product()
        if one.folder == "web"
        for node in ast.walk(one.tree)
        if isinstance(node, ast.Attribute)
        and node.attr in SET
        and not (isinstance(node.value, ast.Name) and node.value.id == "request")
    ]
    assert named == []


def test_the_usual_hosts_are_the_allowed_ones() -> None:
    settings = Settings()
    usual = {TelegramSettings().base_url, WhatsAppCloudSettings().base_url}
    assert {urlsplit(url).hostname for url in usual} <= set(CALLED)
    assert settings.groq.base_url is None
    assert settings.openai.base_url is None
    assert settings.ollama.url is None
    assert settings.observe.otlp_url is None
