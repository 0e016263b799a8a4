"""The catalogue tool on small apps, and on Hearth itself."""

import gettext
import os
from pathlib import Path

import polib
import pytest

from tools.messages import CATALOGUE, check_messages, compile_catalogues, extract_messages
from tools.msgids import Message, read_module, read_template

HEADER = (
    'msgid ""\nmsgstr ""\n'
    '"Content-Type: text/plain; charset=UTF-8\\n"\n"Plural-Forms: nplurals=1; plural=0;\\n"\n\n'
)
IMPORT = "from django.utils.translation import gettext as _\n"


def make_file(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def make_app(
    root: Path, name: str = "shop", *, module: str = "", template: str = "", entries: str = ""
) -> Path:
    app = root / "hearth" / name
    make_file(app / "__init__.py", "")
    make_file(app / "apps.py", "")
    make_file(app / "views.py", module)
    make_file(app / "templates" / name / "page.html", template)
    if entries:
        make_file(app / CATALOGUE, HEADER + entries)
    return app


def list_problems(root: Path) -> list[str]:
    return [problem.text for problem in check_messages(root)]


def test_every_gettext_function_is_read_under_any_name(tmp_path: Path) -> None:
    path = make_file(
        tmp_path / "a.py",
        "from django.utils import translation\n"
        "from django.utils.translation import gettext_lazy as _, ngettext, npgettext, pgettext as p\n"
        "_('One' ' text')\n"
        "p('verb', 'Open')\n"
        "ngettext('%(n)s home', '%(n)s homes', 2)\n"
        "npgettext('key', 'key', 'keys', 2)\n"
        "translation.gettext('By module')\n",
    )

    findings = read_module(path)

    assert findings.problems == []
    assert findings.messages == [
        Message("One text", path, 3),
        Message("Open", path, 4, context="verb"),
        Message("%(n)s home", path, 5, plural="%(n)s homes"),
        Message("key", path, 6, context="key", plural="keys"),
        Message("By module", path, 7),
    ]


def test_a_variable_is_left_to_the_place_that_marked_it(tmp_path: Path) -> None:
    path = make_file(tmp_path / "a.py", IMPORT + "_(error.message)\n")

    findings = read_module(path)

    assert (findings.messages, findings.problems) == ([], [])


@pytest.mark.parametrize("argument", ["f'{n} homes'", "'a' + b", "'%s homes' % n", "'{} homes'.format(n)"])
def test_a_text_put_together_before_translation_is_refused(tmp_path: Path, argument: str) -> None:
    path = make_file(tmp_path / "a.py", f"{IMPORT}_({argument})\n")

    findings = read_module(path)

    assert [(p.line, p.text) for p in findings.problems] == [
        (2, "gettext: the text is put together before it is translated")
    ]


def test_a_function_of_the_same_name_from_elsewhere_is_no_gettext(tmp_path: Path) -> None:
    path = make_file(tmp_path / "a.py", "from gettext import gettext\ngettext('Not ours')\n")

    findings = read_module(path)

    assert findings.messages == []


def test_every_kind_of_template_text_is_read_as_django_will_ask_for_it(tmp_path: Path) -> None:
    path = make_file(
        tmp_path / "a.html",
        "{% translate 'Save' %}\n"
        '{% trans "Open" context "verb" as label %}\n'
        '{% translate "100% paid" %}\n'
        "{{ name|default:_('Nobody') }}\n"
        '{% include "x.html" with title=_("Homes") %}\n'
        "{% blocktranslate trimmed count n=homes|length context 'list' %}\n"
        "  {{ n }} home\n  in view\n{% plural %}{{ n }} homes\n{% endblocktranslate %}\n"
        "{% blocktranslate with x=y %}Dear {{ x }}, 5% off{% endblocktranslate %}\n"
        "{% comment %}{% translate 'Never' %}{% endcomment %}{# {% translate 'Nor this' %} #}\n"
        "{% translate variable %}",
    )

    findings = read_template(path)

    assert findings.problems == []
    assert findings.messages == [
        Message("Save", path, 1),
        Message("Open", path, 2, context="verb"),
        Message("100%% paid", path, 3),
        Message("Nobody", path, 4),
        Message("Homes", path, 5),
        Message("%(n)s home in view", path, 6, context="list", plural="%(n)s homes"),
        Message("Dear %(x)s, 5%% off", path, 11),
    ]


@pytest.mark.parametrize(
    ("template", "problem"),
    [
        (
            "{% blocktranslate %}{{ home.name }}{% endblocktranslate %}",
            "blocktranslate knows plain names only, not {{ home.name }}",
        ),
        (
            "{% blocktranslate %}a{% if b %}c{% endblocktranslate %}",
            "blocktranslate holds no tags, not {% if b %}",
        ),
        ("{% blocktranslate %}a", "blocktranslate is not closed"),
        ("{{ x|default:_('5%') }}", '_("5%") would show "%%": use the translate tag'),
    ],
)
def test_a_template_that_django_would_render_wrongly_is_refused(
    tmp_path: Path, template: str, problem: str
) -> None:
    path = make_file(tmp_path / "a.html", template)

    findings = read_template(path)

    assert [found.text for found in findings.problems] == [problem]


def test_chinese_outside_of_translation_tags_is_found_with_its_line(tmp_path: Path) -> None:
    path = make_file(tmp_path / "a.html", "<p>\n客户</p>\n{{ name }}：\n{# 说明 #}\n{{ x|default:'无' }}")

    findings = read_template(path)

    assert [problem.line for problem in findings.problems] == [2, 3, 5]


def test_chinese_in_a_module_is_found_outside_docstrings_comments_and_patterns(tmp_path: Path) -> None:
    path = make_file(
        tmp_path / "a.py",
        '"""客户."""\n# 客户\nHAN = "[\\u4e00-\\u9fff]"\n\n'
        'def name(x):\n    """客户."""\n    return f"{x}客户"\n',
    )

    findings = read_module(path)

    assert [(problem.line, problem.text) for problem in findings.problems] == [
        (7, "Chinese outside gettext: '客户'")
    ]


def test_a_language_is_listed_under_its_own_name(tmp_path: Path) -> None:
    path = make_file(tmp_path / "a.py", "LANGUAGES = [('zh-hans', '简体中文')]\nTITLE = '安居'\n")

    findings = read_module(path)

    assert [problem.line for problem in findings.problems] == [2]


def test_chinese_is_allowed_in_domain_data_and_in_migrations_tests_and_the_pure_packages(
    tmp_path: Path,
) -> None:
    app = make_app(tmp_path, module="# domain data\nTREE = ['客户']\n")
    make_file(app / "migrations" / "0001_initial.py", "NAME = '客户'\n")
    make_file(app / "tests" / "test_a.py", "NAME = '客户'\n")
    make_app(tmp_path, "lib", module="NAME = '客户'\n")

    problems = list_problems(tmp_path)

    assert problems == []


def test_extract_adds_what_is_new_keeps_what_stands_and_drops_the_rest(tmp_path: Path) -> None:
    app = make_app(
        tmp_path,
        module=IMPORT + "_('Save')\n_('Close')\n",
        entries='# careful\nmsgid "Save"\nmsgstr "保存"\n\nmsgid "Gone"\nmsgstr "没了"\n',
    )

    changes = extract_messages(tmp_path)

    catalogue = polib.pofile(str(app / CATALOGUE))
    assert changes == ["shop: 1 added, 1 dropped"]
    assert [(entry.msgid, entry.msgstr, entry.tcomment) for entry in catalogue] == [
        ("Close", "", ""),
        ("Save", "保存", "careful"),
    ]


def test_extract_takes_over_what_another_app_says(tmp_path: Path) -> None:
    make_app(tmp_path, "cases", module=IMPORT + "_('Save')\n", entries='msgid "Save"\nmsgstr "保存"\n')
    app = make_app(tmp_path, "shop", module=IMPORT + "_('Save')\n")

    extract_messages(tmp_path)

    assert [entry.msgstr for entry in polib.pofile(str(app / CATALOGUE))] == ["保存"]


def test_a_second_extract_changes_nothing(tmp_path: Path) -> None:
    app = make_app(tmp_path, module=IMPORT + "_('Save')\n", template="{% translate 'Close' %}")
    extract_messages(tmp_path)
    first = (app / CATALOGUE).read_bytes()

    changes = extract_messages(tmp_path)

    assert changes == []
    assert (app / CATALOGUE).read_bytes() == first


def test_an_app_without_texts_gets_no_catalogue(tmp_path: Path) -> None:
    app = make_app(tmp_path, module="x = 1\n")

    extract_messages(tmp_path)

    assert not (app / CATALOGUE).exists()


def test_compiled_catalogues_answer_as_gettext(tmp_path: Path) -> None:
    app = make_app(
        tmp_path,
        entries='msgctxt "verb"\nmsgid "Open"\nmsgstr "打开"\n\n'
        'msgid "%(n)s home"\nmsgid_plural "%(n)s homes"\nmsgstr[0] "%(n)s 套房"\n',
    )

    written = compile_catalogues(tmp_path)

    with written[0].open("rb") as file:
        translations = gettext.GNUTranslations(file)
    assert written == [(app / CATALOGUE).with_suffix(".mo")]
    assert translations.pgettext("verb", "Open") == "打开"
    assert translations.ngettext("%(n)s home", "%(n)s homes", 1) == "%(n)s 套房"


def test_a_catalogue_is_compiled_again_only_after_it_changed(tmp_path: Path) -> None:
    app = make_app(tmp_path, entries='msgid "Save"\nmsgstr "保存"\n')
    [target] = compile_catalogues(tmp_path)

    unchanged = compile_catalogues(tmp_path)
    later = target.stat().st_mtime + 10
    os.utime(app / CATALOGUE, (later, later))
    changed = compile_catalogues(tmp_path)

    assert (unchanged, changed) == ([], [target])


def test_a_complete_catalogue_passes(tmp_path: Path) -> None:
    make_app(
        tmp_path,
        module=IMPORT + "_('Save')\n",
        template="{% blocktranslate count n=n %}{{ n }} home{% plural %}{{ n }} homes{% endblocktranslate %}",
        entries='msgid "Save"\nmsgstr "保存"\n\n'
        'msgid "%(n)s home"\nmsgid_plural "%(n)s homes"\nmsgstr[0] "%(n)s 套房"\n',
    )

    problems = list_problems(tmp_path)

    assert problems == []


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ('msgid "Paid %(sum)s"\nmsgstr ""\n', "no Chinese for 'Paid %(sum)s'"),
        ('#, fuzzy\nmsgid "Paid %(sum)s"\nmsgstr "已付 %(sum)s"\n', "fuzzy: 'Paid %(sum)s'"),
        (
            'msgid "Paid %(sum)s"\nmsgstr "已付 %(total)s"\n',
            "placeholders of 'Paid %(sum)s' are %(sum), not those of '已付 %(total)s'",
        ),
        (
            'msgid "Paid %(sum)s"\nmsgid_plural "Paid %(sum)s"\nmsgstr[0] "已付 %(sum)s"\n',
            "the plural differs from the code: 'Paid %(sum)s'",
        ),
        (
            'msgid "Paid %(sum)s"\nmsgstr "已付 %(sum)s"\n\nmsgid "Gone"\nmsgstr "没了"\n',
            "no longer used: 'Gone'",
        ),
        (
            'msgid "Paid %(sum)s"\nmsgstr "已付 %(sum)s"\n\nmsgid "Paid %(sum)s"\nmsgstr "已付 %(sum)s"\n',
            "translated twice: 'Paid %(sum)s'",
        ),
    ],
)
def test_a_faulty_entry_is_named(tmp_path: Path, entry: str, problem: str) -> None:
    make_app(tmp_path, module=IMPORT + "_('Paid %(sum)s')\n", entries=entry)

    problems = list_problems(tmp_path)

    assert problems == [problem]


@pytest.mark.parametrize(
    ("text", "translation", "is_sound"),
    [
        ("{home} of {name}", "{name}的{home}", True),
        ("{home} of {name}", "{name}的", False),
        ("%s of %s", "%s 的 %s", True),
        ("%s of %s", "%s 的", False),
        ("5%% of %(sum)s", "%(sum)s 的 5%%", True),
        ("%(sum)s", "%(sum)s，即 %(sum)s", True),
    ],
)
def test_placeholders_must_match_in_kind_and_number(
    tmp_path: Path, text: str, translation: str, is_sound: bool
) -> None:
    make_app(tmp_path, module=f"{IMPORT}_('{text}')\n", entries=f'msgid "{text}"\nmsgstr "{translation}"\n')

    problems = list_problems(tmp_path)

    assert (problems == []) is is_sound


def test_an_english_word_translated_two_ways_needs_a_context(tmp_path: Path) -> None:
    make_app(tmp_path, "cases", module=IMPORT + "_('Open')\n", entries='msgid "Open"\nmsgstr "未结"\n')
    make_app(tmp_path, "shop", module=IMPORT + "_('Open')\n", entries='msgid "Open"\nmsgstr "打开"\n')

    problems = list_problems(tmp_path)

    assert problems == [
        "'Open' is translated two ways: cases says '未结', here '打开': agree, or give a context"
    ]


def test_a_text_outside_of_apps_is_refused_unless_django_translates_it(tmp_path: Path) -> None:
    make_file(
        tmp_path / "hearth" / "config" / "__init__.py", f"{IMPORT}_('Simplified Chinese')\n_('Our own')\n"
    )

    problems = list_problems(tmp_path)

    assert problems == ["Django reads no catalogue outside of apps: 'Our own'"]


def test_a_text_in_the_code_is_english(tmp_path: Path) -> None:
    make_app(tmp_path, module=IMPORT + "_('客户')\n", entries='msgid "客户"\nmsgstr "客户"\n')

    problems = list_problems(tmp_path)

    assert problems == ["a text in the code is English: '客户'"]


def test_a_catalogue_without_header_and_one_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    app = make_app(tmp_path, module=IMPORT + "_('Save')\n")
    make_file(app / CATALOGUE, 'msgid "Save"\nmsgstr "保存"\n')
    bare = list_problems(tmp_path)
    make_file(app / CATALOGUE, HEADER + 'msgid "Save"\nmsgstr 保存\n')

    broken = list_problems(tmp_path)

    assert bare == [
        "the header lacks 'Content-Type: text/plain; charset=UTF-8'",
        "the header lacks 'Plural-Forms: nplurals=1; plural=0;'",
    ]
    assert len(broken) == 1


def test_every_text_of_hearth_reads_in_chinese_and_in_english() -> None:
    problems = [f"{p.path.name}:{p.line}: {p.text}" for p in check_messages()]

    assert problems == []
