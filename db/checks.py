"""Declaration checks: a mistake in a module file fails at start-up with a numbered message, not on a screen later."""

from collections.abc import Iterator, Mapping

from db.fields import KINDS, Field
from db.record import Record


class DeclarationError(Exception):
    """One or more module declarations are wrong; the text lists them."""


def check(model: type[Record], classes: Mapping[str, type[Record]]) -> Iterator[str]:
    """Yield a numbered message per mistake in the declaration of ``model``."""
    where = model.__name__
    if not hasattr(model, "screens"):
        yield f"OFI001 {where}: screens is missing"
        return
    for name, field in model.fields.items():
        yield from _check_field(f"{where}.{name}", field, model, classes)
    yield from _check_screens(where, model, classes)
    yield from _check_lines(where, model, classes)
    yield from _check_flow(where, model)


def _check_screens(where: str, model: type[Record], classes: Mapping[str, type[Record]]) -> Iterator[str]:
    screens = model.screens
    for option in ("columns", "filters", "more_filters", "picker", "head", "afresh"):
        for name in getattr(screens, option):
            if not resolve(model, name, classes):
                yield f"OFI010 {where}: screens.{option} names {name!r}, which is no field"
    for name in screens.sort:
        if not resolve(model, name.removeprefix("-"), classes):
            yield f"OFI011 {where}: screens.sort names {name!r}, which is no field"
    for option in ("state", "narrow", "total", "content", "joins", "tree"):
        if (name := getattr(screens, option)) and name not in model.fields:
            yield f"OFI014 {where}: screens.{option} names {name!r}, which is no field"
    shown: set[str] = set()
    for section in screens.form:
        for name in section.fields:
            if name not in model.fields:
                yield f"OFI012 {where}: section {section.title!r} names {name!r}, which is no field"
            if name in shown:
                yield f"OFI013 {where}: section {section.title!r} repeats {name!r}"
            shown.add(name)
    for name, field in model.fields.items():
        owned = field.kind == "link" and field.target == model.module.owner
        filled = field.read_only or field.hidden or field.default is not None or owned or name in shown
        if field.required and not filled:
            yield f"OFI017 {where}: {name!r} is required, has no default and is in no section of the form"


def _check_flow(where: str, model: type[Record]) -> Iterator[str]:
    flow = model.flow
    if flow is None:
        return
    field = model.fields.get(flow.field)
    if field is None or field.choices is None:
        yield f"OFI030 {where}: flow names {flow.field!r}, which is no choice"
        return
    known = {str(choice) for choice in field.choices}
    states = {*flow.steps, *flow.verbs, *flow.closed, *(state for after in flow.steps.values() for state in after)}
    for state in sorted(states - known):
        yield f"OFI031 {where}: flow names the state {state!r}, which {flow.field!r} does not have"
    for name in flow.free:
        if name not in model.fields and name not in model.screens.lines:
            yield f"OFI032 {where}: flow.free names {name!r}, which is no field"
    archived = model.screens.archive.partition(":")[0]
    if archived and archived not in model.fields:
        yield f"OFI033 {where}: screens.archive names {archived!r}, which is no field"


def _check_lines(where: str, model: type[Record], classes: Mapping[str, type[Record]]) -> Iterator[str]:
    for table in (*model.screens.lines, *model.screens.tabs):
        if table not in classes:
            yield f"OFI015 {where}: lines or tabs name {table!r}, which is no module"
    for table in model.screens.lines:
        if table in classes and classes[table].module.owner != model.module.table:
            yield f"OFI016 {where}: the lines {table!r} do not declare owner={model.module.table!r}"


def _check_field(where: str, field: Field, model: type[Record], classes: Mapping[str, type[Record]]) -> Iterator[str]:
    if field.kind not in KINDS:
        yield f"OFI020 {where}: unknown kind {field.kind!r}"
    if not field.label:
        yield f"OFI021 {where}: label is missing"
    for target in field.targets:
        if target not in classes:
            yield f"OFI022 {where}: links to {target!r}, which is no module"
    if field.via and (field.via[0] not in classes or field.via[1] not in classes[field.via[0]].fields):
        yield f"OFI026 {where}: via names {field.via!r}, which is no field of a module"
    if field.within and field.within not in model.fields:
        yield f"OFI023 {where}: within names {field.within!r}, which is no field"
    for name, _value in field.only:
        if field.target in classes and name not in classes[field.target].fields:
            yield f"OFI027 {where}: only names {name!r}, which is no field of {field.target!r}"
    if field.on_delete not in ("restrict", "cascade", "keep"):
        yield f"OFI024 {where}: on_delete is {field.on_delete!r}"
    if field.kind == "choice" and field.choices is None:
        yield f"OFI025 {where}: choices are missing"


def resolve(model: type[Record], path: str, classes: Mapping[str, type[Record]]) -> Field | None:
    """Return the field a path such as ``client.status`` ends in, or None."""
    head, _, rest = path.partition(".")
    field = model.fields.get(head)
    if field is None or not rest:
        return field
    target = classes.get(field.target)
    return resolve(target, rest, classes) if field.kind == "link" and target else None
