"""What somebody lacks who may not do what they asked for, and how they come by it. Pure."""

from web.identity import Identity
from web.permissions import GRANTS, SCOPES, SERVICE, Perm


def lacking(needed: Perm, who: Identity | None) -> str:
    said = f"This needs the permission {needed}"
    if who is not None and who.by == "key" and needed in SERVICE:
        made = ", ".join(sorted(name for name, held in SCOPES.items() if needed in held))
        scopes = f"{made} or {needed} alone" if made else str(needed)
        return f"{said}. Keys with the scope {scopes} have it: main.py key new makes one."
    roles = [role for role, held in GRANTS.items() if needed in held and role != "service"]
    if who is not None and who.by == "key":
        return f"{said}, which no key has. Come by an account ({', '.join(roles)})."
    held = f"; you are {who.role}" if who is not None else ""
    return f"{said}, which the roles {', '.join(roles)} have{held}."
