"""The rules of docs/architecture.md that no linter knows.

Who may import whom inside the package is in `pyproject.toml` (import-linter), not here.
"""

import ast
import sys
from collections.abc import Callable, Iterator
from functools import cache
from itertools import chain
from pathlib import Path
from statistics import quantiles
from typing import TypeAlias

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "src/helpdesk"
DOMAIN, USE_CASES = PACKAGE / "domain", PACKAGE / "domain/usecases"
PORTS, ADAPTERS = PACKAGE / "ports", PACKAGE / "adapters"

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
Found: TypeAlias = list[str]

# What a pure function asks for by a parameter, or not at all.
IMPURE = {"asyncio", "os", "pathlib", "random", "secrets", "socket", "subprocess", "threading"}
IMPURE_CALLS = {"now", "today", "utcnow", "uuid1", "uuid4", "uuid7", "monotonic", "perf_counter"}


def test_functions_are_short() -> None:
    lengths = {where: own_lines(it) for where, it in functions(PACKAGE)}
    assert quantiles(lengths.values(), n=10)[-1] <= 20


def test_no_function_is_over_40_lines() -> None:
    all_of = chain.from_iterable(functions(ROOT / it) for it in ("src", "tests", "benchmarks"))
    assert [where for where, it in all_of if own_lines(it) > 40] == []


def test_no_file_is_over_300_lines() -> None:
    all_of = chain.from_iterable(modules(ROOT / it) for it in ("src", "tests", "benchmarks"))
    assert [name(it) for it in all_of if len(it.read_text().splitlines()) > 300] == []


def test_every_module_says_what_it_is_for() -> None:
    all_of = (it for it in modules(PACKAGE) if it.read_text().strip())
    assert [name(it) for it in all_of if not ast.get_docstring(tree(it))] == []


def test_every_method_of_a_port_says_what_it_promises() -> None:
    # A property hands out a part, whose own docstring says what it is.
    methods = ((where, it) for where, it in functions(PORTS) if not it.decorator_list)
    assert [where for where, it in methods if not ast.get_docstring(it)] == []


def test_every_use_case_says_what_it_does() -> None:
    public = (it for it in functions(USE_CASES) if it[1].name == "__call__")
    assert [where for where, it in public if not ast.get_docstring(it)] == []


def test_the_domain_is_the_standard_library_only() -> None:
    assert foreign(first_tier(), "helpdesk.domain") == []


def test_the_domain_does_not_know_its_use_cases() -> None:
    assert importing(first_tier(), within("helpdesk.domain.usecases")) == []


def test_use_cases_know_the_domain_and_its_ports_only() -> None:
    assert foreign(modules(USE_CASES), "helpdesk.domain", "helpdesk.ports") == []


def test_ports_know_the_domain_only() -> None:
    assert foreign(modules(PORTS), "helpdesk.domain", "helpdesk.ports") == []


def test_the_domain_neither_waits_nor_reaches_out() -> None:
    assert importing(first_tier(), lambda it: it.partition(".")[0] in IMPURE) == []
    waits = (ast.AsyncFunctionDef, ast.AsyncWith, ast.AsyncFor, ast.Await)
    assert having(first_tier(), lambda it: isinstance(it, waits)) == []


def test_time_and_chance_are_given_to_the_domain() -> None:
    def asks(it: ast.AST) -> bool:
        return (
            isinstance(it, ast.Call)
            and isinstance(it.func, ast.Attribute)
            # `self.now()` is the clock that was given
            and not (isinstance(it.func.value, ast.Name) and it.func.value.id == "self")
            and it.func.attr in IMPURE_CALLS
        )

    assert having(modules(DOMAIN), asks) == []


def test_only_the_http_adapter_serves_http() -> None:
    others = (it for it in modules(PACKAGE) if not it.is_relative_to(ADAPTERS / "http"))
    assert importing(others, within("aiohttp.web")) == []


def test_nothing_is_imported_for_the_type_checker_only() -> None:
    def is_it(it: ast.AST) -> bool:
        return "TYPE_CHECKING" in (getattr(it, "id", None), getattr(it, "attr", None))

    assert having(chain(modules(PACKAGE), modules(ROOT / "tests")), is_it) == []


def test_an_adapter_does_not_inherit_from_its_port() -> None:
    # A forgotten method would be the Protocol's `...` and answer None in silence.
    for path in modules(ADAPTERS):
        ports = {it.split(".")[-1] for it in imports(tree(path)) if within("helpdesk.ports")(it)}
        bases = {base for it in ast.walk(tree(path)) for base in bases_of(it)}
        assert bases & ports == set(), name(path)


def test_an_adapter_states_whether_two_processes_can_meet_in_it() -> None:
    for path in ADAPTERS.rglob("provide.py"):
        stated = [value for it in tree(path).body for value in values_of("SHARED", it)]
        assert stated in (["True"], ["False"]), name(path)


def test_a_port_has_at_least_two_adapters() -> None:
    served = [opened for path in ADAPTERS.rglob("provide.py") for opened in opens(path)]
    # `system` holds plain callables: clock, ids, tokens; `repositories` are parts of `store`.
    ports = {it.stem for it in modules(PORTS)} - {
        "__init__",
        "system",
        "repositories",
        "chores",
        "early",
        "outages",
        "pushes",
        "projection",
    }
    ports -= {"webhook"}  # only Meta calls us so far
    # The tests' own, in tests/usecases: a bridge without preset ids, and a broker that refuses;
    # in tests/support: where dashboards listen, and who they are there.
    served += ["bridge", "broker", "live", "identity"]
    assert set(served) - ports == {"webhook"}
    assert {it for it in ports if served.count(it) < 2} == set()


def modules(folder: Path) -> Iterator[Path]:
    return (it for it in sorted(folder.rglob("*.py")))


def first_tier() -> Iterator[Path]:
    return (it for it in modules(DOMAIN) if not it.is_relative_to(USE_CASES))


def functions(folder: Path) -> Iterator[tuple[str, Function]]:
    for path in modules(folder):
        for it in ast.walk(tree(path)):
            if isinstance(it, Function):
                yield f"{name(path)}:{it.lineno} {it.name}", it


def own_lines(function: Function) -> int:
    """Lines from `def` to the end, those of functions within it not counted."""
    within_it = {
        line
        for it in ast.walk(function)
        if isinstance(it, Function) and it is not function
        for line in range(first_line(it), (it.end_lineno or 0) + 1)
    }
    return (function.end_lineno or 0) - function.lineno + 1 - len(within_it)


def first_line(function: Function) -> int:
    return min([function.lineno, *(it.lineno for it in function.decorator_list)])


def imports(module: ast.Module) -> Iterator[str]:
    """`from a.b import c` counts as `a.b.c`."""
    for it in ast.walk(module):
        if isinstance(it, ast.Import):
            yield from (alias.name for alias in it.names)
        elif isinstance(it, ast.ImportFrom):
            yield from (f"{it.module}.{alias.name}" for alias in it.names)


def foreign(paths: Iterator[Path], *allowed: str) -> Found:
    def is_it(imported: str) -> bool:
        top = imported.partition(".")[0]
        return top not in sys.stdlib_module_names and not any(
            within(it)(imported) for it in allowed
        )

    return importing(paths, is_it)


def importing(paths: Iterator[Path], unwanted: Callable[[str], bool]) -> Found:
    return [f"{name(it)}: {what}" for it in paths for what in imports(tree(it)) if unwanted(what)]


def having(paths: Iterator[Path], unwanted: Callable[[ast.AST], bool]) -> Found:
    found = ((path, it) for path in paths for it in ast.walk(tree(path)) if unwanted(it))
    return [f"{name(path)}:{getattr(it, 'lineno', 0)}" for path, it in found]


def within(package: str) -> Callable[[str], bool]:
    return lambda it: f"{it}.".startswith(f"{package}.")


def bases_of(node: ast.AST) -> Iterator[str]:
    for it in node.bases if isinstance(node, ast.ClassDef) else []:
        yield ast.unparse(it).split("[")[0].split(".")[-1]


def values_of(constant: str, node: ast.stmt) -> Iterator[str]:
    match node:
        case ast.Assign(targets=[ast.Name(id=it)], value=value) if it == constant:
            yield ast.unparse(value)
        case ast.AnnAssign(target=ast.Name(id=it), value=ast.expr() as value) if it == constant:
            yield ast.unparse(value)


def opens(provide: Path) -> Iterator[str]:
    """Name the ports that a `provide.py` opens."""
    for it in tree(provide).body:
        if isinstance(it, Function) and it.name.startswith("open_"):
            yield it.name.removeprefix("open_")


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()
