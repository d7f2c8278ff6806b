"""Filling a template with data: text in, text out, and anything wrong as a TemplateProblem with its line."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from jinja2 import Template, TemplateError, TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError

from oficrm.papers.problem import TemplateProblem
from oficrm.papers.sandbox import Guarding, PaperEnvironment

_BROKEN = (TemplateError, ArithmeticError, LookupError, TypeError, ValueError, AttributeError, AssertionError,
           NameError, RuntimeError, MemoryError, SyntaxError)  # fmt: skip
"""What code made from a template can raise: a template is a program, and programs of others fail in any way."""
_SPANISH: tuple[tuple[str, Callable[[re.Match[str]], str]], ...] = (
    (r"unknown tag '(\w+)'.*looking for the following tags: (.+?)\.",
     lambda m: f"sobra «{m[1]}»; aquí falta {_or(m[2])}."),
    (r"unknown tag '(\w+)'", lambda m: f"no existe la orden «{m[1]}»."),
    (r"end of template.*following tags: (.+?)\.", lambda m: f"la plantilla acaba sin {_or(m[1])}."),
    (r"[Uu]nexpected end of template", lambda _: "la plantilla acaba a medias."),
    (r"Missing end of comment", lambda _: "falta el final del comentario: «#}»."),
    (r"Missing end of raw", lambda _: "falta «endraw»."),
    (r"[Nn]o filter named '(.+)'", lambda m: f"no existe el filtro «{m[1]}»."),
    (r"[Nn]o test named '(.+)'", lambda m: f"no existe la comprobación «{m[1]}»."),
    (r"unexpected char ['\"](.+)['\"] at", lambda m: f"el signo «{m[1]}» no puede ir aquí."),
    (r"unexpected '(.+)'(?:, expected '(.+)')?",
     lambda m: f"sobra {_named(m[1])}" + (f"; se esperaba «{m[2]}»." if m[2] else ".")),
    (r"expected token '(.+?)', got '(.+?)'", lambda m: f"se esperaba {_named(m[1])} y viene {_named(m[2])}."),
    (r"Expected an expression, got '(.+?)'", lambda m: f"falta un valor antes de {_named(m[1])}."),
    (r"block '(\w+)' defined twice", lambda m: f"el bloque «{m[1]}» está dos veces."),
    (r"too many (?:statically )?nested|too complex", lambda _: "hay demasiadas partes unas dentro de otras."),
)  # fmt: skip
_TOKENS = {"end of print statement": "«}}»", "end of statement block": "«%}»", "end of template": "el final",
           "name": "un nombre", "integer": "un número", "string": "un texto"}  # fmt: skip


def fill(body: str, facts: Mapping[str, Any], *, escaping: bool = True) -> str:
    """Return the text of a template with its places filled. Raises TemplateProblem and nothing else.

    ``facts`` are texts, numbers, lists and dictionaries. Their texts are escaped for HTML, unless told otherwise.
    """
    environment = PaperEnvironment(facts, escaping=escaping)
    template: Template | None = None
    try:
        tree = Guarding().visit(environment.parse(body))
        template = Template.from_code(environment, environment.compile(tree), dict(environment.globals))
        context = template.new_context(dict(facts))
        return environment.concat(template.root_render_func(context))
    except TemplateProblem as problem:
        raise TemplateProblem(problem.text, problem.line or _line(problem, template)) from problem
    except _BROKEN as error:
        raise TemplateProblem(_words(error), _line(error, template)) from error


def _line(error: BaseException, template: Template | None) -> int:
    """The line of the template in which an error arose, 0 when none is known."""
    if isinstance(error, TemplateSyntaxError):
        return error.lineno
    found = 0
    trace = error.__traceback__
    if template is None:
        return 0
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == template.filename:
            found = template.get_corresponding_lineno(trace.tb_lineno)
        trace = trace.tb_next
    return found


def _words(error: BaseException) -> str:
    said = str(error)
    match error:
        case UndefinedError() if said.startswith("no existe"):
            return said
        case SecurityError():
            return "eso no se puede usar en una plantilla."
        case RecursionError() | MemoryError():
            return "hay demasiadas partes unas dentro de otras."
        case ZeroDivisionError():
            return "se divide entre cero."
        case TemplateSyntaxError() | SyntaxError() | TemplateError():
            for pattern, words in _SPANISH:
                if found := re.search(pattern, said, re.DOTALL):
                    return words(found)[:300]
            return "esta parte no se entiende."
    return "esa operación no se puede hacer con esos valores."


def _named(token: str) -> str:
    return _TOKENS.get(token, f"«{token}»")


def _or(tags: str) -> str:
    """ "'endfor' or 'else'" as "«endfor» o «else»"."""
    return tags.replace("' or '", "» o «").replace("'", "«", 1).replace("'", "»").replace("» or «", "» o «")
