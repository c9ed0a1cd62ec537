"""Themes: where templates, styles and catalogues come from, and templates made into pages.

A project's `themes/<name>/` is looked at first, then the built-in default, so that a site overrides
just the files that it wants to; one that overrides a template reaches the original as
`default/<file>`, to change a block of it. Autoescape is on and an undefined name is an error. A
theme holds nothing that executes; a template gets views and the current `page`, never content or
keys.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import CodeType

from jinja2 import (
    BytecodeCache,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
    TemplateError,
)
from jinja2.bccache import Bucket
from markupsafe import Markup

import generator
from generator.build.pages.language import Language, load_language
from generator.build.pages.tokens import TOKENS_FILE, colours_of, tokens_css
from generator.content.yaml.near_misses import instead_of
from passport.errors import ConfigError

DEFAULT_THEME = "default"
_VERSION_LENGTH = 12


@dataclass(frozen=True, slots=True)
class Theme:
    """The folders of a theme, the most specific first."""

    folders: tuple[Path, ...]

    def language(self, code: str) -> Language:
        """Load one language of the theme."""
        return load_language(code, self.folders)

    def digest(self) -> str:
        """Name the theme's version: a digest of all its files, with the folders in their order."""
        digest = hashlib.sha256()
        for number, folder in enumerate(self.folders):
            for path in sorted(path for path in folder.rglob("*") if path.is_file()):
                content = hashlib.sha256(path.read_bytes()).hexdigest()
                name = path.relative_to(folder).as_posix()
                digest.update(f"{number} {name} {content}\n".encode())
        return digest.hexdigest()[:_VERSION_LENGTH]

    def file(self, name: str) -> bytes:
        """Read a file of the theme, like `static/site.css`."""
        for folder in self.folders:
            if (folder / name).is_file():
                return (folder / name).read_bytes()
        raise ConfigError(f"the theme has no {name}", "add it, or remove what refers to it")

    def has(self, name: str) -> bool:
        """Whether the theme has a file."""
        return any((folder / name).is_file() for folder in self.folders)

    def own_tokens(self) -> str:
        """Return CSS that replaces design tokens of the default theme; "" where none is replaced.

        Raises `ConfigError` for colours that can't be read on each other.
        """
        text = self._tokens()
        return tokens_css(text) if text else ""

    def colours(self, scheme: str) -> Mapping[str, str]:
        """Return the design tokens of `light` or `dark`, by name."""
        return colours_of(self._tokens(), scheme)

    def _tokens(self) -> str:
        (*own, _) = self.folders
        path = own[0] / TOKENS_FILE if own else None
        return path.read_text(encoding="utf-8") if path and path.is_file() else ""


def built_in_files() -> tuple[str, ...]:
    """The names of all files of the built-in theme, sorted."""
    folder = _built_in("themes") / DEFAULT_THEME
    files = (path for path in folder.rglob("*") if path.is_file())
    return tuple(sorted(path.relative_to(folder).as_posix() for path in files))


def built_in_file(name: str) -> bytes:
    """Read a file of the built-in theme; raises `ConfigError` naming the nearest ones."""
    names = built_in_files()
    if name not in names:
        raise ConfigError(f"the built-in theme has no {name}", instead_of(name, names))
    return (_built_in("themes") / DEFAULT_THEME / name).read_bytes()


def browser_file(name: str) -> bytes:
    """Read a module of `browser/`; b"" when there is none of that name."""
    path = _built_in("browser") / name
    return path.read_bytes() if path.is_file() else b""


def browser_texts() -> tuple[str, ...]:
    """Read every module of `browser/`."""
    return tuple(path.read_text("utf-8") for path in sorted(_built_in("browser").glob("*.js")))


def find_theme(project: Path, name: str) -> Theme:
    """Find a theme by name, over the default one; raises `ConfigError` when there is none."""
    own = project / "themes" / name
    built_in = _built_in("themes") / DEFAULT_THEME
    if own.is_dir():
        _check_templates(own)
        return Theme((own, built_in) if own != built_in else (built_in,))
    if name == DEFAULT_THEME:
        return Theme((built_in,))
    raise ConfigError(f"there is no theme {name!r}", f"add a folder themes/{name}")


def _check_templates(folder: Path) -> None:
    for path in sorted((folder / "templates").rglob("*.html")):
        try:
            path.read_bytes().decode()
        except UnicodeDecodeError as error:
            raise ConfigError(f"{path} is not UTF-8", "save the file again as UTF-8") from error


def _built_in(name: str) -> Path:
    """A folder of data: inside the installed package; in a checkout, beside it."""
    package = Path(generator.__file__).parent
    installed = package / name
    return installed if installed.is_dir() else package.parent / name


@dataclass(frozen=True, slots=True)
class Templates:
    """The templates of a theme in one language."""

    language: Language
    environment: Environment

    def render(self, name: str, values: Mapping[str, object]) -> Markup:
        """Render a template; raises `ConfigError` for one that is broken or asks for too much."""
        try:
            return Markup(self.environment.get_template(name).render(values))  # noqa: S704
        except TemplateError as error:
            raise ConfigError(
                f"the theme's template {name} can't be rendered, {error}",
                f"mend it, or compare it with {DEFAULT_THEME}'s",
            ) from error


class _Compiled(BytecodeCache):
    """Templates compiled in this process, for each language and the next build."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give what was compiled from the same text under the same name."""
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        assert bucket.code is not None
        self._codes[bucket.key, bucket.checksum] = bucket.code


_COMPILED = _Compiled()


def load_templates(theme: Theme, language: Language) -> Templates:
    """Prepare a theme's templates for one language."""
    folders = [folder / "templates" for folder in theme.folders]
    original = PrefixLoader({DEFAULT_THEME: FileSystemLoader(folders[-1])})
    environment = Environment(
        loader=ChoiceLoader([FileSystemLoader(folders), original]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        bytecode_cache=_COMPILED,
        extensions=["jinja2.ext.i18n"],
    )
    environment.policies["ext.i18n.trimmed"] = True
    # Phrases, not texts: one that stays English says so to browsers and screen readers.
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        language.phrase, language.plural, newstyle=True
    )
    return Templates(language, environment)
