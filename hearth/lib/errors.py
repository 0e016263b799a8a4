"""The one shape of refusal in `hearth.lib`: a code and its parameters, never a sentence."""

from typing import Any


class Refusal(ValueError):
    """Input that cannot be used; the app above turns `code` and `params` into the reader's language."""

    def __init__(self, code: str, **params: Any) -> None:
        """Keep the code and what the message needs; never a person's own text, only places and limits."""
        super().__init__(code)
        self.code = code
        self.params = params

    def __str__(self) -> str:
        """Name the code and the parameters, for logs and test failures."""
        details = ", ".join(f"{name}={value!r}" for name, value in self.params.items())
        return f"{self.code}({details})"

    def __reduce__(self) -> tuple[Any, ...]:
        """Survive pickling with parameters, which plain exceptions with keywords do not."""
        return _rebuild, (type(self), self.code, self.params)


def _rebuild(kind: type[Refusal], code: str, params: dict[str, Any]) -> Refusal:
    return kind(code, **params)
