"""Rules of this repository that no ready-made linter knows. Each says why it is there.

    python .ci/checks.py [FOLDER]     prints one line for each breach; exit 1 when there is any

A rule that must be broken somewhere names that file in its own exception list, with the reason beside it: there is no
comment that switches a rule off.
"""

import ast
import re
import subprocess
import sys
import tokenize
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

MAX_LINES = 400
FOLDERS = {"db", "oficrm", "ui", "resources", "tests", "docs"}
TEXT_ENDINGS = {".py", ".md", ".toml", ".txt", ".ini", ".sh", ".yml", ".yaml", ".qss", ".html", ""}


@dataclass(frozen=True)
class Source:
    """One file of the tree, read once, with the views that rules need."""

    path: str
    text: str

    @property
    def is_python(self) -> bool:
        return self.path.endswith(".py")

    def is_in(self, *places: str) -> bool:
        """Whether the file is one of `places` or lies in one of the folders among them (written with a slash)."""
        return any(self.path.startswith(p) if p.endswith("/") else self.path == p for p in places)

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @cached_property
    def nodes(self) -> list[ast.AST]:
        return list(ast.walk(self.tree))

    @cached_property
    def calls(self) -> list[ast.Call]:
        return [node for node in self.nodes if isinstance(node, ast.Call)]

    @cached_property
    def comments(self) -> list[tuple[int, str]]:
        lines = iter(self.text.splitlines(keepends=True))
        tokens = tokenize.generate_tokens(lambda: next(lines, ""))
        return [(token.start[0], token.string) for token in tokens if token.type == tokenize.COMMENT]

    @cached_property
    def shown_strings(self) -> list[tuple[int, str]]:
        """String literals other than docstrings."""
        docs = {
            id(node.body[0].value)
            for node in self.nodes
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
            and node.body
            and isinstance(node.body[0], ast.Expr)
        }
        return [
            (node.lineno, node.value)
            for node in self.nodes
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs
        ]


Found = Iterator[tuple[int, str]]


@dataclass(frozen=True)
class Rule:
    """A check of one file, with the reason that is printed beside each breach."""

    code: str
    why: str
    find: Callable[[Source], Found]


RULES: list[Rule] = []


def rule(code: str, why: str) -> Callable[[Callable[[Source], Found]], Callable[[Source], Found]]:
    def register(find: Callable[[Source], Found]) -> Callable[[Source], Found]:
        RULES.append(Rule(code, why, find))
        return find

    return register


def name_of(node: ast.AST) -> str:
    """Last part of a dotted name: `QMessageBox.warning` gives "warning"."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def owner_of(node: ast.AST) -> str:
    """What stands before the last dot: `QMessageBox.warning` gives "QMessageBox"."""
    return name_of(node.value) if isinstance(node, ast.Attribute) else ""


# Shape


@rule("length", f"a file over {MAX_LINES} lines does more than one thing: split it along what it does")
def too_long(source: Source) -> Found:
    if source.is_in("db/migrations/versions/"):  # written once, in one go, and never edited
        return
    if source.is_python and (count := source.text.count("\n")) > MAX_LINES:
        yield MAX_LINES, f"{count} lines"


@rule("folder", "the house has exactly the folders of the design; a new one is a decision for docs/decisions")
def stray_folder(source: Source) -> Found:
    top, _, rest = source.path.partition("/")
    if rest and not top.startswith(".") and top not in FOLDERS:
        yield 1, top


@rule("todo", "what is left to do belongs in the list of issues, where somebody looks")
def left_to_do(source: Source) -> Found:
    pattern = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"]) + r")\b")
    lines = source.comments if source.is_python else list(enumerate(source.text.splitlines(), 1))
    for number, line in lines:
        if found := pattern.search(line):
            yield number, found[0]


@rule("machine-path", "a path of one machine works on no other, and tells whose it is")
def machine_path(source: Source) -> Found:
    pattern = re.compile(r"(?<![\w.~$}/-])/(?:root|home|work|Users)/\w|\b[A-Z]:\\+Users\\+\w")
    for number, line in enumerate(source.text.splitlines(), 1):
        if pattern.search(line):
            yield number, line.strip()[:80]


@rule("lock-host", "the lock names no host, so that it serves every mirror")
def host_in_lock(source: Source) -> Found:
    if source.path.startswith("requirements"):
        for number, line in enumerate(source.text.splitlines(), 1):
            if "://" in line or re.search(r"(^|\s)(-i|--index-url|--extra-index-url|--find-links|@)\s", line):
                yield number, line


@rule("import-main", "imports run one way: main.py stands on top, and nobody but a test of it looks up to it")
def imports_main(source: Source) -> Found:
    if source.is_python and source.is_in("ui/", "oficrm/", "db/"):
        for node in source.nodes:
            if isinstance(node, ast.ImportFrom) and node.module == "main":
                yield node.lineno, "from main"
            elif isinstance(node, ast.Import) and any(alias.name == "main" for alias in node.names):
                yield node.lineno, "import main"


# The database

SESSION_MAKERS = {"Session", "sessionmaker", "scoped_session", "create_engine"}


@rule("session", "one job, one session, one transaction: only db and oficrm/jobs.py make sessions and engines")
def session_elsewhere(source: Source) -> Found:
    if source.is_python and not source.is_in("db/", "oficrm/jobs.py", "oficrm/jobs/", "tests/"):
        for call in source.calls:
            if name_of(call.func) in SESSION_MAKERS:
                yield call.lineno, name_of(call.func)


@rule("migration", "a migration is frozen: it must still run when today's models are long gone")
def migration_imports_models(source: Source) -> Found:
    if source.is_in("db/migrations/versions/") and source.is_python:
        for node in source.nodes:
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in ("db", "oficrm"):
                yield node.lineno, f"from {node.module}"
            elif isinstance(node, ast.Import) and any(a.name.split(".")[0] in ("db", "oficrm") for a in node.names):
                yield node.lineno, "import of the program"


# Screens

MESSAGE_BOX_HOME = ("ui/dialogs/ask.py",)


@rule("message-box", f"questions go through {MESSAGE_BOX_HOME[0]}, which tests can answer; the rest is no box at all")
def message_box_elsewhere(source: Source) -> Found:
    if source.is_python and source.is_in("ui/", "main.py") and not source.is_in(*MESSAGE_BOX_HOME):
        for node in source.nodes:
            if isinstance(node, ast.Name | ast.Attribute) and name_of(node) == "QMessageBox":
                yield node.lineno, "QMessageBox"


@rule("timer-parent", "a timer without a parent outlives its window and calls into what is gone")
def orphan_timer(source: Source) -> Found:
    if source.is_python and source.is_in("ui/", "main.py"):
        for call in source.calls:
            if name_of(call.func) == "QTimer" and not call.args and not call.keywords:
                yield call.lineno, "QTimer()"


# Waiting

SLEEPERS = {("time", "sleep"), ("qtbot", "wait"), ("QTest", "qWait"), ("QTest", "qSleep"), ("QThread", "msleep")}
# They wait for a process that has no signal to give
MAY_SLEEP = ("tests/support/postgres.py", "tests/support/postgres_keeper.py")


@rule("sleep", "a sleep is too short on a slow machine and too long on all others: wait for the signal or the state")
def sleeps(source: Source) -> Found:
    if source.is_python and source.is_in("tests/", "ui/") and not source.is_in(*MAY_SLEEP):
        for call in source.calls:
            if (owner_of(call.func), name_of(call.func)) in SLEEPERS:
                yield call.lineno, f"{owner_of(call.func)}.{name_of(call.func)}"


# Values

MONEY = re.compile(
    r"(^|_)(amounts?|prices?|totals?|subtotals?|costs?|money|cents|discounts?|tax|taxes|vat|net|gross|importe|precio|iva)"
    r"(_|$)",
    re.I,
)


@rule("float-money", "0.1 + 0.2 is not 0.3: money is Decimal in memory and whole cents in storage")
def float_near_money(source: Source) -> Found:
    if not source.is_python or source.is_in("tests/bench/"):
        return
    for node in source.nodes:
        if any(is_float(value) for value in values_beside(node)):
            words = [word for part in names_beside(node) if (word := identifier(part)) and MONEY.search(word)]
            if words:
                yield getattr(node, "lineno", 1), f"float beside {words[0]}"


def values_beside(node: ast.AST) -> list[ast.expr | None]:
    """What a name in `node` is worked with, given or declared as."""
    match node:
        case ast.BinOp():
            return [node.left, node.right]
        case ast.Assign(value=ast.IfExp() as either):
            return [either.body, either.orelse]
        case ast.AugAssign() | ast.Assign() | ast.keyword():
            return [node.value]
        case ast.AnnAssign():
            return [node.value, *(part for part in ast.walk(node.annotation) if isinstance(part, ast.expr))]
        case ast.arg():
            return [node.annotation]
        case ast.Call():
            return [node.func]
    return []


def names_beside(node: ast.AST) -> Iterator[ast.AST]:
    """The names that stand with those values."""
    match node:
        case ast.Assign():
            yield from (part for target in node.targets for part in ast.walk(target))
        case ast.AugAssign() | ast.AnnAssign():
            yield from ast.walk(node.target)
        case _:
            yield from ast.walk(node)


def is_float(node: ast.expr | None) -> bool:
    """Whether an expression is a float: a literal, the type, or a conversion to it."""
    return (
        (isinstance(node, ast.Constant) and isinstance(node.value, float))
        or (isinstance(node, ast.Name) and node.id == "float")
        or (isinstance(node, ast.Call) and is_float(node.func))
    )


def identifier(node: ast.AST) -> str:
    match node:
        case ast.arg() | ast.keyword():
            return node.arg or ""
        case ast.Name():
            return node.id
        case ast.Attribute():
            return node.attr
    return ""


# Errors

BROAD = {"Exception", "BaseException"}


@rule("swallow", "an error that nobody sees costs the user's data later: name the exception, or let it through")
def swallows(source: Source) -> Found:
    if not source.is_python:
        return
    for node in source.nodes:
        if isinstance(node, ast.ExceptHandler):
            caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type] if node.type else []
            broad = any(name_of(item) in BROAD for item in caught)
            if node.type is None:
                yield node.lineno, "bare except"
            elif broad and all(is_nothing(statement) for statement in node.body):
                yield node.lineno, "except that does nothing"
    for call in source.calls:
        if name_of(call.func) == "suppress" and any(name_of(item) in BROAD for item in call.args):
            yield call.lineno, "suppress of everything"


def is_nothing(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Pass | ast.Continue) or (
        isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    )


# Spanish

UNACCENTED = (
    r"Historico|Numero|Telefono|Codigo|Direccion|Descripcion|Informacion|Accion|Duracion|Pagina|Proxim[oa]|"
    r"Ultim[oa]|Razon|Configuracion|Parametro|Poblacion|Categoria|Paises|Compania|Vacio|Busqueda|Catalogo|"
    r"Seleccion|Operacion|Facturacion|Metodo|Articulo|Linea|Titulo|Credito|Debito|Movil|Sabado|Miercoles|"
    r"Manana|Espana|Mexico|Anadir|Anade|Ningun|Todavia|Tambien|Despues|Aqui|Atras|Raton|Boton|Sesion|Gestion|"
    r"Atencion|Notificacion|Asignacion|Electronic[oa]|Reunion|Introduccion"
)
ACCENTS = re.compile(rf"(?<![\w./-])(?:{UNACCENTED})s?(?![\w/=])", re.I)
PROSE = re.compile(r"[A-ZÁÉÍÓÚÑ¿¡]|.*\s\S+\s")  # a label or a sentence, not a key or a word somebody may type


@rule("accent", "Spanish is written with its accents: a missing one is the first thing a customer sees")
def missing_accent(source: Source) -> Found:
    if source.is_python and source.is_in("ui/", "oficrm/", "db/", "main.py"):
        for line, text in source.shown_strings:
            if PROSE.match(text) and (found := ACCENTS.search(text)) and not found[0].isupper():
                yield line, found[0]


# Running


@dataclass
class Tree:
    """The files that are in the repository or would be with the next commit."""

    root: Path
    paths: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.run(command, cwd=self.root, capture_output=True, text=True, check=True).stdout
        self.paths = sorted(path for path in set(listed.split("\0")) if path)

    def sources(self) -> Iterator[Source]:
        for path in self.paths:
            file = self.root / path
            if file.suffix in TEXT_ENDINGS and file.is_file():
                yield Source(path, file.read_text(encoding="utf-8"))


def check(source: Source) -> list[str]:
    """Every breach in one file, as lines to print."""
    return [
        f"{source.path}:{line}: {each.code}: {what} ({each.why})" for each in RULES for line, what in each.find(source)
    ]


def main() -> int:
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[1]
    breaches = [line for source in Tree(root).sources() for line in check(source)]
    print("\n".join(breaches) if breaches else "own rules: all kept")
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
