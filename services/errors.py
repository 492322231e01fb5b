"""How the embedded servers may fail; each error says what, why, and what to do next.

ServicesError
├── BinaryMissing   a server's program is not installed
├── PlaceRefused    a folder is foreign, unwritable, too deep or on a full disk
└── ServerFailed    a server, or the supervisor that keeps it, did not come up
"""


class ServicesError(Exception):
    def __init__(self, what: str, why: str, hint: str) -> None:
        super().__init__(what, why, hint)
        self.what, self.why, self.hint = what, why, hint

    def __str__(self) -> str:
        return f"{self.what}: {self.why}. {self.hint}"


class BinaryMissing(ServicesError): ...


class PlaceRefused(ServicesError): ...


class ServerFailed(ServicesError): ...


def named(kind: str) -> type[ServicesError]:
    """The class an error had in the process that raised it."""
    known = {error.__name__: error for error in (BinaryMissing, PlaceRefused, ServerFailed)}
    return known.get(kind, ServicesError)
