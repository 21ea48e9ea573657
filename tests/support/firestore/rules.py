"""Security rules, read from their file and evaluated, as far as ours go.

No replacement of Google's emulator: it knows functions that return one expression, `allow … if`,
and expressions that Python has in other letters.  What it does not know it refuses to read; what
raises an error is denied.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

CONFIG: Final = Path(__file__).parents[3] / "config"
READ, WRITE = frozenset({"get", "list"}), frozenset({"create", "update", "delete"})
_COVERS: Final = {"read": READ, "write": WRITE}
_TOKENS: Final = re.compile(
    r"(?P<service>service\s+[\w.]+\s*\{)"
    r"|match\s+(?P<path>(?:/(?:\{[\w=*]+\}|[\w.-]+))+)\s*\{"
    r"|function\s+(?P<name>\w+)\((?P<arguments>[^)]*)\)\s*\{\s*return\s+(?P<body>[^;]*);\s*\}"
    r"|allow\s+(?P<methods>[\w, ]+)(?::\s*if\s+(?P<condition>[^;]*))?;"
    r"|(?P<version>rules_version\s*=\s*'2';)"
    r"|(?P<end>\})"
)
_WORDS: Final = {"&&": " and ", "||": " or ", "null": "None", "true": "True", "false": "False"}


@dataclass(frozen=True, slots=True)
class Allow:
    path: str
    methods: frozenset[str]
    condition: str
    functions: Mapping[str, tuple[list[str], str]]

    def holds(self, path: str, names: Mapping[str, Any]) -> bool:
        """Whether it is about this path, and its condition is true."""
        found = _pattern(self.path).fullmatch(path)
        if found is None:
            return False
        world = {"__builtins__": {}, **names, **found.groupdict()}
        for name, (arguments, body) in self.functions.items():
            world[name] = eval(f"lambda {', '.join(arguments)}: {body}", world)
        try:
            return eval(self.condition, world) is True
        except (KeyError, IndexError, TypeError, AttributeError):
            return False


@dataclass(frozen=True, slots=True)
class Rules:
    allows: list[Allow] = field(default_factory=list)

    @classmethod
    def of(cls, name: str) -> "Rules":
        """Read a file of config/."""
        return cls(list(_read((CONFIG / name).read_text())))

    def allow(self, method: str, path: str, auth: Any = None, at: datetime | None = None) -> bool:
        """Say whether a browser may; `auth` is None, or has `uid` and `token`, the claims."""
        moment = at or datetime.now(UTC)
        request = Map(auth=Map.of(auth), time=_Time(moment))
        return any(
            it.holds(path, {"request": request}) for it in self.allows if method in it.methods
        )


class Map(dict[str, Any]):
    """A map of the rules' language: what is not in it is an error."""

    def __getattr__(self, name: str) -> Any:
        return self[name]

    @classmethod
    def of(cls, it: Any) -> Any:
        return cls({k: cls.of(v) for k, v in it.items()}) if isinstance(it, Mapping) else it


@dataclass(frozen=True, slots=True)
class _Time:
    moment: datetime

    def toMillis(self) -> int:  # noqa: N802 - the rules' own name
        return int(self.moment.timestamp() * 1000)


def _read(text: str) -> Iterator[Allow]:
    text = re.sub(r"//[^\n]*", "", text)
    places: list[str] = []
    functions: list[dict[str, tuple[list[str], str]]] = [{}]
    position = 0
    while rest := text[position:].lstrip():
        position = len(text) - len(rest)
        found = _TOKENS.match(text, position)
        assert found, f"not understood: {rest[:60]!r}"
        position = found.end()
        if found["service"] or found["path"]:
            places.append(found["path"] or "")
            functions.append({})
        elif found["name"]:
            arguments = [it.strip() for it in found["arguments"].split(",") if it.strip()]
            functions[-1][found["name"]] = (arguments, _python(found["body"]))
        elif found["methods"]:
            named = [it.strip() for it in found["methods"].split(",")]
            methods = frozenset().union(*(_COVERS.get(it, frozenset({it})) for it in named))
            known = {name: it for layer in functions for name, it in layer.items()}
            yield Allow("".join(places), methods, _python(found["condition"] or "true"), known)
        elif found["end"]:
            places.pop()
            functions.pop()
    assert places == [], "a brace is not closed"


def _python(expression: str) -> str:
    for theirs, ours in _WORDS.items():
        bare = re.escape(theirs)
        expression = re.sub(rf"\b{bare}\b" if theirs.isalpha() else bare, ours, expression)
    return " ".join(expression.split())


def _pattern(path: str) -> re.Pattern[str]:
    parts = re.sub(r"\{(\w+)=\*\*\}", r"(?P<\1>.+)", path)
    return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", parts))
