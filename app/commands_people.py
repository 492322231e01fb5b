"""The commands of `user`, `key` and `audit`; main.py joins them to the others."""

from typing import Annotated, Literal

import typer

from app.console import Explained, Json, awaited, readable, settings

users = typer.Typer(help="Who may enter a shop's pages, and as what.")
keys = typer.Typer(help="Keys by which programs call the API.")
audits = typer.Typer(help="What people did: read, and checked for tampering.")
Shop = Annotated[str, typer.Option(help="The shop's key; the one of the settings.")]
Email = Annotated[str, typer.Argument(help="Their e-mail.")]
Role = Literal["admin", "owner", "seller", "viewer"]
File = Annotated[
    str, typer.Option("--password-file", help="A file whose first line is the password.")
]
Ask = Annotated[bool, typer.Option("--prompt", help="Type the password here, unseen.")]


@users.command("add")
def user_add(  # noqa: PLR0913  each is an option of the command
    email: Email,
    *,
    name: Annotated[str, typer.Option(help="What they are called.")] = "",
    role: Annotated[Role, typer.Option(help="What they may do.")] = "seller",
    password_file: File = "",
    prompt: Ask = False,
    shop: Shop = "",
    json: Json = False,
) -> None:
    """Somebody new; without a password, a link where they choose one."""
    with Explained():
        from app import people
        from web.members import Given

        readable(email, name)
        given = Given(email, name or email.partition("@")[0], role)
        secret = people.secret(password_file, prompt=prompt)
        awaited(people.add(settings(), shop, given, secret, as_json=json))


@users.command("list")
def user_list(shop: Shop = "", json: Json = False) -> None:
    """Everybody, with their role."""
    with Explained():
        from app import people

        awaited(people.show(settings(), shop, as_json=json))


@users.command("reset")
def user_reset(
    email: Email,
    password_file: File = "",
    prompt: Ask = False,
    shop: Shop = "",
    json: Json = False,
) -> None:
    """A new password: by a link, unless one is given."""
    with Explained():
        from app import people

        secret = people.secret(password_file, prompt=prompt)
        awaited(people.reset(settings(), shop, email, secret, as_json=json))


@users.command("disable")
def user_disable(email: Email, shop: Shop = "", json: Json = False) -> None:
    """Out at once, on every device."""
    with Explained():
        from app import people

        awaited(people.allow(settings(), shop, email, may=False, as_json=json))


@users.command("enable")
def user_enable(email: Email, shop: Shop = "", json: Json = False) -> None:
    """In again, with the password they had."""
    with Explained():
        from app import people

        awaited(people.allow(settings(), shop, email, may=True, as_json=json))


@keys.command("new")
def key_new(
    name: Annotated[str, typer.Argument(help="What it is for.")],
    scope: Annotated[
        list[str], typer.Option(help="reading, serving, training or rollout; repeat it.")
    ],
    days: Annotated[int, typer.Option(min=0, help="How long it lasts; 0 until revoked.")] = 90,
    shop: Shop = "",
    json: Json = False,
) -> None:
    """A key for a program, shown this once."""
    with Explained():
        from app import key_desk

        readable(name)
        awaited(key_desk.new(settings(), shop, name, (scope, days), as_json=json))


@keys.command("list")
def key_list(shop: Shop = "", json: Json = False) -> None:
    """Every key: what it may do, and when it was used last."""
    with Explained():
        from app import key_desk

        awaited(key_desk.show(settings(), shop, as_json=json))


@keys.command("revoke")
def key_revoke(
    key: Annotated[str, typer.Argument(help="The beginning of its id.")],
    shop: Shop = "",
    json: Json = False,
) -> None:
    """Its program can no longer enter."""
    with Explained():
        from app import key_desk

        awaited(key_desk.take_back(settings(), shop, key, as_json=json))


@audits.command("list")
def audit_list(
    actor: Annotated[str, typer.Option(help="Like person:ID, terminal:USER, shop.")] = "",
    action: Annotated[str, typer.Option(help="Like key.created; `key.` is all about keys.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 50,
    shop: Shop = "",
    json: Json = False,
) -> None:
    """Who did what, the newest first."""
    with Explained():
        from app import audit_desk

        awaited(audit_desk.show(settings(), shop, (actor, action, limit), as_json=json))


@audits.command("verify")
def audit_verify(
    noted: Annotated[str, typer.Option(help="NUMBER:HASH, as an earlier check printed it.")] = "",
    shop: Shop = "",
    json: Json = False,
) -> None:
    """Whether anything was changed or removed; exits 1 when it was."""
    with Explained():
        from app import audit_desk

        raise typer.Exit(awaited(audit_desk.verify(settings(), shop, noted, as_json=json)))
