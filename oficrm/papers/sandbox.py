"""The Jinja2 that templates are written in: what may be reached, called and put together is listed, nothing else is.

Stands on Jinja2's own sandbox and leaves less open: data are read by key only, texts have no methods, loops, macros
and every text that is put together go by a budget.
"""

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from functools import wraps
from typing import Any, ClassVar, cast

from jinja2 import StrictUndefined, Undefined, nodes
from jinja2.filters import FILTERS
from jinja2.runtime import LoopContext, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.tests import TESTS
from jinja2.utils import Namespace, missing
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

from oficrm.display import NO, YES
from oficrm.papers.budget import MAX_RANGE, Budget
from oficrm.papers.problem import TemplateProblem

_FILTERS = ("abs", "capitalize", "count", "d", "default", "e", "escape", "first", "groupby", "last", "length", "lower",
            "map", "reject", "rejectattr", "reverse", "select", "selectattr", "sort", "title", "trim", "truncate",
            "unique", "upper")  # fmt: skip
_TESTS = ("!=", "<", "<=", "==", ">", ">=", "defined", "divisibleby", "eq", "even", "ge", "gt", "in", "le", "lt", "ne",
          "none", "number", "odd", "string", "undefined")  # fmt: skip
_LOOP = frozenset({"index", "index0", "revindex", "revindex0", "first", "last", "length", "previtem", "nextitem",
                   "cycle", "changed", "depth"})  # fmt: skip
_COUNTED, _JOINED, _PLAIN, _SLICED = "#counted", "#joined", "#plain", "#sliced"
"""Filters of ours that no template can name."""
_MAX_NUMBER = 10**15
SCALARS = (str, int, float, type(None))


class Unknown(StrictUndefined):
    """A name that is not there; touching it in any way says so, in Spanish, with the name that was perhaps meant."""

    roots: ClassVar[tuple[str, ...]] = ()

    @property
    def _undefined_message(self) -> str:
        name, owner = str(self._undefined_name), self._undefined_obj
        known = tuple(map(str, owner)) if isinstance(owner, Mapping) else self.roots if owner is missing else ()
        meant = get_close_matches(name, known, 1)
        return f"no existe «{name}»" + (f"; ¿quiso decir «{meant[0]}»?" if meant else ".")


class PaperEnvironment(ImmutableSandboxedEnvironment):
    """One filling of one template: made afresh for each, in the thread that fills."""

    intercepted_binops: ClassVar[frozenset[str]] = frozenset({"+", "-", "*", "/", "//", "%", "**"})  # type: ignore[misc]

    def __init__(self, roots: Iterable[str] = (), *, escaping: bool = True) -> None:
        unknown = type("Unknown", (Unknown,), {"roots": tuple(roots)})
        super().__init__(autoescape=escaping, undefined=unknown, optimized=False, finalize=_finalize, cache_size=0)
        self.budget = Budget()
        own = {"join": self._join, "nl2br": self._nl2br, "replace": self._replace, "round": self._round,
               _COUNTED: self._counted, _JOINED: self._joined, _PLAIN: _plain, _SLICED: self._sliced}  # fmt: skip
        taken = {name: FILTERS[name] for name in _FILTERS} | own
        self.filters = {name: self._watched(each) for name, each in taken.items()}
        self.tests = {name: TESTS[name] for name in _TESTS}
        self.globals = {"range": _bounded_range, "namespace": Namespace}
        self.concat = self._concat  # type: ignore[method-assign]

    def _watched(self, function: Any) -> Any:
        """A filter that looks at the time first."""

        @wraps(function)
        def watched(*args: Any, **options: Any) -> Any:
            self.budget.look()
            return function(*args, **options)

        return watched

    # --- what may be reached

    def getattr(self, obj: Any, attribute: str) -> Any:
        """``obj.attribute``: a key of data, a fact of a loop, a value of a namespace; nothing else."""
        return self.getitem(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """``obj[argument]``, in the same way; lists and texts by number."""
        if isinstance(obj, Undefined):
            return obj[argument]
        if isinstance(obj, Mapping) and isinstance(argument, str | int):
            return obj[argument] if argument in obj else self.undefined(obj=obj, name=str(argument))
        if isinstance(argument, int | slice) and isinstance(obj, str | list | tuple):
            try:
                return obj[argument]
            except IndexError:
                return self.undefined(obj=obj, name=str(argument))
        if isinstance(argument, str) and not argument.startswith("_"):
            if isinstance(obj, LoopContext) and argument in _LOOP:
                return getattr(obj, argument)
            if isinstance(obj, Namespace) or (isinstance(obj, tuple) and argument in ("grouper", "list")):
                return getattr(obj, argument, self.undefined(obj=obj, name=argument))
        return self.undefined(obj=obj, name=str(argument)[:60])

    def is_safe_callable(self, obj: Any) -> bool:
        """Macros, ``range``, ``namespace`` and the two functions of a loop."""
        self.budget.step()
        if isinstance(obj, Macro) or obj is _bounded_range or obj is Namespace:
            return True
        return isinstance(getattr(obj, "__self__", None), LoopContext)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Sums of numbers within bounds, and of texts."""
        if isinstance(left, Undefined) or isinstance(right, Undefined):
            return super().call_binop(context, operator, left, right)
        if isinstance(left, str) and isinstance(right, str) and operator == "+":
            self.budget.measure(len(left) + len(right))
            return left + right
        both = isinstance(left, int | float) and isinstance(right, int | float)
        if not both or operator == "**" or max(abs(left), abs(right)) > _MAX_NUMBER:
            raise TemplateProblem("esa operación no se puede hacer con esos valores.")
        return super().call_binop(context, operator, left, right)

    # --- what is put together

    def _concat(self, parts: Iterable[str]) -> str:
        taken: list[str] = []
        length = 0
        for part in parts:
            length += len(part)
            self.budget.measure(length)
            taken.append(part)
        return "".join(taken)

    def _joined(self, parts: list[Any]) -> str:
        return self._join(parts)

    def _join(self, parts: Iterable[Any], between: Any = "", attribute: str | None = None) -> str:
        """``lineas | join(", ", attribute="descripcion")``; what is escaped stays so."""
        taken = [part if attribute is None else self.getattr(part, attribute) for part in self._counted(parts)]
        texts = [_text(part) for part in [between, *taken]]
        self.budget.measure(sum(map(len, texts)) + len(texts[0]) * len(texts))
        if any(isinstance(text, Markup) for text in texts):
            return escape(texts[0]).join(texts[1:])
        return texts[0].join(texts[1:])

    def _counted(self, items: Any) -> Iterator[Any]:
        if isinstance(items, str | Mapping | int | float | None):
            raise TemplateProblem("eso no es una lista, y no se puede recorrer.")
        for item in items:
            self.budget.step()
            yield item

    def _sliced(self, items: Any, start: Any, stop: Any, step: Any) -> Any:
        return self.getitem(items, slice(start, stop, step))

    def _nl2br(self, text: Any) -> Markup:
        """Each line of a text on a line of its own."""
        lines = escape(_text(text)).splitlines()
        self.budget.measure(sum(map(len, lines)) + len(lines) * 5)
        return Markup("<br/>").join(lines)

    def _replace(self, text: Any, old: str, new: str) -> str:
        given = _text(text)
        self.budget.measure(len(given) + given.count(old) * len(new))
        return escape(given).replace(old, new) if isinstance(given, Markup) else given.replace(old, new)

    def _round(self, value: Any, decimals: int = 0) -> Any:
        return round(value, max(-10, min(10, decimals)))


def _text(part: Any) -> str:
    if isinstance(part, Undefined):
        return str(part)
    if not isinstance(part, SCALARS):
        raise TemplateProblem("eso es una lista o un grupo de datos, no un texto.")
    if isinstance(part, bool):
        return YES if part else NO
    return part if isinstance(part, str) else "" if part is None else str(part)


def _finalize(value: Any) -> Any:
    """What is printed is a text or a number; nothing for None."""
    return value if isinstance(value, Undefined) else _text(value)


def _plain(items: Any) -> Any:
    """Lists within lists, but no deeper: what doubles itself would take for ever to be compared."""
    inside = items.values() if isinstance(items, dict) else items
    for item in inside:
        parts = item.values() if isinstance(item, dict) else item if isinstance(item, list | tuple) else ()
        if any(isinstance(part, list | tuple | dict) for part in parts):
            raise TemplateProblem("hay listas dentro de listas dentro de listas.")
    return items


def _bounded_range(*bounds: int) -> range:
    made = range(*bounds)
    if len(made) > MAX_RANGE:
        raise TemplateProblem(f"«range» llega hasta {MAX_RANGE} como mucho.")
    return made


class Guarding(NodeTransformer):
    """Puts the budget into a template that was read, and refuses what reaches beyond it."""

    def visit_For(self, node: nodes.For) -> nodes.Node:  # noqa: N802
        """Loops count their turns."""
        if node.recursive:
            raise TemplateProblem("un bucle no puede llamarse a sí mismo.", node.lineno)
        self.generic_visit(node)
        node.iter = _through(_COUNTED, node.iter)
        return node

    def visit_Getitem(self, node: nodes.Getitem) -> nodes.Node:  # noqa: N802
        """``a[1:3]`` goes through the environment, as ``a[1]`` does by itself."""
        self.generic_visit(node)
        if not isinstance(node.arg, nodes.Slice):
            return node
        ends = [end or nodes.Const(None, lineno=node.lineno, environment=node.environment)
                for end in (node.arg.start, node.arg.stop, node.arg.step)]  # fmt: skip
        return _through(_SLICED, node.node, *ends)

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802
        """``a ~ b`` is measured."""
        self.generic_visit(node)
        return _through(_JOINED, nodes.List(node.nodes, lineno=node.lineno, environment=node.environment))

    def visit_List(self, node: nodes.List) -> nodes.Node:  # noqa: N802
        """Lists made in the template stay flat."""
        self.generic_visit(node)
        return _through(_PLAIN, node)

    def visit_Tuple(self, node: nodes.Tuple) -> nodes.Node:  # noqa: N802
        """So do pairs; the names that a loop or ``set`` fills are no values."""
        self.generic_visit(node)
        return _through(_PLAIN, node) if node.ctx == "load" else node

    def visit_Dict(self, node: nodes.Dict) -> nodes.Node:  # noqa: N802
        """And groups."""
        self.generic_visit(node)
        return _through(_PLAIN, node)

    def visit(self, node: nodes.Node, *args: Any, **options: Any) -> Any:
        """Other templates, and a change of what is escaped, are refused."""
        if isinstance(node, nodes.Include | nodes.Import | nodes.FromImport | nodes.Extends):
            raise TemplateProblem("una plantilla no puede usar otras.", node.lineno)
        if isinstance(node, nodes.ScopedEvalContextModifier | nodes.EvalContextModifier):
            raise TemplateProblem(
                "«autoescape» no se puede cambiar: lo que se imprime se protege siempre.", node.lineno
            )
        return super().visit(node, *args, **options)


def _through(name: str, node: nodes.Node, *more: nodes.Expr) -> nodes.Filter:
    return nodes.Filter(
        cast(nodes.Expr, node), name, list(more), [], None, None, lineno=node.lineno, environment=node.environment
    )
