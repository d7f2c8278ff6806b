"""Line tables edited as tags: actions to take, and products of interest."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from db.fields import Field
from oficrm.drafts import LineDraft
from oficrm.rules.text import plain
from ui.forms.links import pack, unpack
from ui.widgets.field_row import FieldRow
from ui.widgets.tags_editor import Tag, TagsEditor


class TagLines(QObject):
    """A ``LinesPart`` over a ``TagsEditor``: each tag is a line, and a line that stays keeps its id."""

    changed = Signal()

    def __init__(
        self,
        editor: TagsEditor,
        row: FieldRow,
        to_line: Callable[[Tag], LineDraft],
        to_tag: Callable[[LineDraft, dict[str, str]], Tag],
    ) -> None:
        super().__init__(editor)
        self.editor, self.row = editor, row
        self._to_line, self._to_tag = to_line, to_tag
        self._ids: dict[tuple[int | None, str], int | None] = {}
        editor.changed.connect(self.changed)

    def set_lines(self, lines: list[LineDraft], titles: list[dict[str, str]]) -> None:
        """Show lines; ``titles`` holds the texts of their links."""
        texts = titles + [{}] * (len(lines) - len(titles))
        tags = [self._to_tag(line, text) for line, text in zip(lines, texts, strict=False)]
        self._ids = {_key(tag): line.id for tag, line in zip(tags, lines, strict=True)}
        self.editor.set_value(tags)

    def lines(self) -> list[LineDraft]:
        """The lines as they stand."""
        found = []
        for tag in self.editor.value():
            line = self._to_line(tag)
            line.id = self._ids.get(_key(tag))
            found.append(line)
        return found

    def titles(self) -> list[dict[str, str]]:
        """The texts of the links of ``lines()``."""
        return [dict.fromkeys(line.values, tag.text)
                for line, tag in zip(self.lines(), self.editor.value(), strict=True)]  # fmt: skip

    def set_errors(self, errors: dict[str, list[str]]) -> None:
        """Show what is wrong with which tag."""
        tags = self.editor.value()
        texts = []
        for key, found in errors.items():
            place = key.partition(".")[0]
            named = f"«{_short(tags[int(place)].text)}»: " if place.isdigit() and int(place) < len(tags) else ""
            texts += [named + text for text in found]
        self.row.set_error(" ".join(texts) or None)

    def set_read_only(self, read_only: bool) -> None:
        """Let the tags be looked at only."""
        self.editor.set_read_only(read_only)

    def focus_error(self) -> None:
        """Go to the tags."""
        self.editor.focus()


def _key(tag: Tag) -> tuple[int | None, str]:
    return (tag.id, "") if tag.id is not None else (None, plain(tag.text))


def _short(text: str) -> str:
    return text if len(text) <= 30 else f"{text[:29]}…"


def action_lines(editor: TagsEditor, row: FieldRow) -> TagLines:
    """Actions: an entry of the catalogue, or free text."""
    return TagLines(
        editor, row, lambda tag: LineDraft(None, {"action_type": tag.id, "text": tag.text}),
        lambda line, titles: Tag(line.values.get("action_type"), line.values.get("text") or ""),
    )  # fmt: skip


def item_lines(editor: TagsEditor, row: FieldRow, field: Field) -> TagLines:
    """Products and services; their keys ("product:5") are packed into the ids of tags."""

    def to_line(tag: Tag) -> LineDraft:
        key = "{}:{}".format(*unpack(field, tag.id)) if tag.id is not None else tag.text
        return LineDraft(None, {"item": key})

    def to_tag(line: LineDraft, titles: dict[str, str]) -> Tag:
        key = str(line.values["item"])
        known = key.partition(":")[0] in field.targets
        return Tag(pack(field, key) if known else None, titles.get("item") or key)

    return TagLines(editor, row, to_line, to_tag)
