"""Every template compiles, nothing stands inline, and every text has its English."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from django.template.loader import get_template
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "templates"
TEMPLATES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.html"))
CATALOGUE = ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po"
INLINE = re.compile(r"<style\b|<script\b(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=|javascript:|data:")
STAND_ALONE = {"reports/document.html"}  # a file that carries its own style sheet
STRING = r'((?:"(?:[^"\\]|\\.)*"\n)+)'
LONGEST = 60
APPS = ("indicators", "reports", "kpi_portal")
MARKS = {"_", "gettext", "gettext_lazy", "gettext_noop"}


def source(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", TEMPLATES)
def test_template_compiles(name):
    get_template(name)


@pytest.mark.parametrize("name", [name for name in TEMPLATES if name not in STAND_ALONE])
def test_template_has_nothing_inline(name):
    assert INLINE.findall(source(name)) == []


@pytest.mark.parametrize("name", TEMPLATES)
def test_template_is_short(name):
    assert len(source(name).splitlines()) <= LONGEST


@pytest.mark.parametrize("name", [name for name in TEMPLATES if name.startswith("components/")])
def test_component_says_what_it_expects(name):
    assert re.match(r"\{# .+ #\}\n", source(name))


def entries() -> dict[str, str]:
    found = re.findall(rf"^msgid {STRING}msgstr {STRING}", CATALOGUE.read_text("utf-8"), re.M)
    joined = [["".join(map(ast.literal_eval, part.splitlines())) for part in e] for e in found]
    return {msgid: msgstr for msgid, msgstr in joined if msgid}


def in_templates() -> set[str]:
    code = "\n".join(templatize(source(name), origin=name) for name in TEMPLATES)
    calls = re.findall(r"gettext\(u('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")\)", code)
    return {ast.literal_eval(call) for call in calls}


def in_code() -> set[str]:
    files = [path for app in APPS for path in (ROOT / app).rglob("*.py")]
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in files]
    calls = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return {
        call.args[0].value
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id in MARKS and len(call.args) == 1
        if isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str)
    }


def test_catalogue_holds_every_text_of_templates_and_code():
    assert sorted((in_templates() | in_code()) - set(entries())) == []


def test_no_translation_is_missing():
    assert [msgid for msgid, msgstr in entries().items() if not msgstr] == []


def test_no_translation_is_a_guess():
    assert "fuzzy" not in CATALOGUE.read_text("utf-8")


def test_no_translation_is_left_in_chinese():
    assert [text for text in entries().values() if re.search(r"[，。；：「」]", text)] == []
