"""Modules joined into one script: only what is mentioned, each behind what it needs, and small."""

import gzip
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.build.pages.assets import make_assets
from generator.build.pages.scripts import joined_script, script_beside
from generator.build.pages.theme import find_theme
from passport.errors import ConfigError
from tests.foreign_node import NODE

LARGEST = {"verify.js": 12_000, "open.js": 14_000, "languages.js": 1_600, "find.js": 1_200}
"""Bytes, compressed as the laziest hosts do."""

LEAF = """\
/** What
 * it is. */
export const USED = "a // no comment";
export const UNUSED = USED;
"""
ENTRY = """\
import { USED } from "./leaf.js";

// Says so.
export function say() {
  const text = `${USED} "x"`; // aside

  return text;
}
function unsaid() {
  return unused();
}
const unused = () => 1;
console.log(say());
"""


def reading(**modules: str) -> Callable[[str], bytes]:
    return lambda name: modules.get(name.removesuffix(".js"), "").encode()


def test_joined_is_what_is_mentioned() -> None:
    text = joined_script("entry.js", reading(leaf=LEAF, entry=ENTRY)).decode()
    assert text == (
        'const USED="a // no comment";\n'
        'function say(){const text=`${USED} "x"`;return text;}\n'
        "console.log(say());\n"
    )


@pytest.mark.parametrize(
    ("code", "bare"),
    [
        ('say(/[/"]\\/ a/g.test(x) / 2);', 'say(/[/"]\\/ a/g.test(x)/ 2);'),
        ("for (; n > 0n; n /= 58n) n += +m - -m;", "for(;n>0n;n/=58n)n+=+m- -m;"),
        ("say(`two\n  lines`, 'a  b');", "say(`two\n  lines`,'a  b');"),
        ("return of(typeof /* what */ x, // it is\n  y);", "return of(typeof x,y);"),
    ],
)
def test_space_goes_where_it_says_nothing(code: str, bare: str) -> None:
    assert joined_script("entry.js", reading(entry=code)).decode() == f"{bare}\n"


def test_a_script_takes_from_the_one_it_stands_beside() -> None:
    other = 'import { USED } from "./leaf.js";\nconst own = 2;\nsay(USED, own);\n'
    modules = reading(leaf=LEAF, other=other, entry=ENTRY)
    giving = joined_script("other.js", modules, "entry.js").decode()
    assert giving.endswith("export{USED};\n")
    taking = script_beside("entry.js", "other.js", "../x/other.js", modules).decode()
    assert taking.startswith('import{USED}from"../x/other.js";\nfunction say()')


def test_functions_that_only_name_each_other_are_kept() -> None:
    """They could go; what is left out must be sure to be unused."""
    entry = "function a() {\n  return b();\n}\nfunction b() {\n  return a();\n}\n"
    assert joined_script("entry.js", reading(entry=entry)).decode().count("function") == 2


def test_a_module_that_two_import_stands_there_once() -> None:
    other = 'import { USED } from "./leaf.js";\nexport const OTHER = USED;\n'
    entry = (
        'import { OTHER } from "./other.js";\nimport { USED } from "./leaf.js";\ngo(OTHER, USED);\n'
    )
    text = joined_script("entry.js", reading(leaf=LEAF, other=other, entry=entry)).decode()
    assert text.count("USED=") == 1
    assert text.index("USED=") < text.index("OTHER=") < text.index("go(")


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ('import { USED } from "./leaf.js";\nconst USED = 1;\n', "USED is a name in leaf.js too"),
        ('import { USED as X } from "./leaf.js";\n', "under another name"),
        ('import X from "./leaf.js";\n', "in a form that is not joined"),
        ('import { X } from "./gone.js";\n', "there is no such module"),
        ('import { X } from "https://example.org/x.js";\n', "in a form that is not joined"),
        ("export default 1;\n", "in a form that is not joined"),
        ("const text = `a${b ? `c` : 1}`;\n", "a text lies within a text"),
    ],
)
def test_what_cannot_be_joined_is_refused(entry: str, says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        joined_script("entry.js", reading(leaf=LEAF, entry=entry))


@pytest.mark.parametrize("name", LARGEST)
def test_a_script_is_sound_and_small(name: str, tmp_path: Path) -> None:
    made = make_assets(find_theme(tmp_path, "default"), {}, ("en",))
    path = made.scripts[name].path
    (script,) = (each.content for each in made.artifacts if each.url_path == path)
    assert len(gzip.compress(script, 9, mtime=0)) <= LARGEST[name]
    words = [str(NODE), "--check", "--input-type=module"]
    done = subprocess.run(words, input=script, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
