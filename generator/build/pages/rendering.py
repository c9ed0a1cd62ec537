"""Pages: plans become HTML, in one language.

Every page has the same frame: its language, its versions in other languages, the theme's files.
Links are root-relative; the one absolute address is the product URI, which is what the QR code
says (DESIGN 4). What stands in a product's page is `product_pages`' business.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from generator.build.artifact import NOT_FOUND_URL, PAGE_TYPE, Artifact, CacheClass
from generator.build.pages.assets import Assets, Loaded
from generator.build.pages.theme import Templates, Theme, load_templates
from generator.build.plan import Plan, ProductPlan
from passport.identifiers import ProductUri
from passport.model import EconomicOperator
from passport.values import Code

OWN_SITE = "connect-src 'self'"
"""The policy of pages whose scripts ask their own site only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageView:
    """What every page needs to know about itself."""

    language: str
    title: str
    path: str
    home: str
    alternates: tuple[tuple[str, str, str], ...]
    """(language code, the language's own name, path) of each version, this one included."""
    assets: Mapping[str, str]
    style: Loaded
    scripts: Mapping[str, Loaded]
    words: str
    """Where the words of its script lie."""
    languages: str
    """Where the menu of all languages lies."""
    host: str
    version: str
    """Which version of the theme made it."""
    policy: str
    """What it may do, beyond what its host says to all pages."""
    is_preview: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorLine:
    """An operator where a page names it: `path` is that of its own page."""

    name: str
    identifier: str
    email: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedModel:
    """A line of the list of models; `path` is its page's, `address` what its codes begin with."""

    name: str
    model_number: str
    maker: str
    category: str
    identifier: str
    path: str
    address: str


@dataclass(frozen=True, slots=True)
class Pages:
    """Renders the pages of a site in one language; `version` is the theme's."""

    plan: Plan
    assets: Assets
    templates: Templates
    version: str

    @property
    def code(self) -> str:
        """The code of the language."""
        return self.templates.language.code

    def home(self) -> Artifact:
        """Render the site's first page: its models, and those that need no passport."""
        values = {
            "models": tuple(map(self.listed, self.plan.models)),
            "information": tuple(map(self.listed, self.plan.information)),
            "operator": self.operator_line(self.plan.operators[self.plan.config.issuer]),
        }
        languages = self.plan.config.languages
        title = self.plan.operators[self.plan.config.issuer].trade_name
        return self.page("home.html", title, "/", languages, values)

    def not_found(self, languages: Sequence["Pages"]) -> Artifact:
        """Render the page for unknown addresses, with its advice in each of these languages.

        Every host serves this one file with status 404, whichever language was asked for.
        """
        title = self.templates.language.text("There is no passport at this address")
        name_of = self.templates.language.name_of
        advice = tuple((pages.code, name_of(pages.code), pages.advice()) for pages in languages)
        return self.page("404.html", title, NOT_FOUND_URL, (self.code,), {"advice": advice})

    def advice(self) -> Markup:
        """Say in this language what to do when a label can't be read."""
        values = {
            "operator": self.operator_line(self.plan.operators[self.plan.config.issuer]),
            "home": self.path("/"),
            "host": self.plan.config.base_url.authority,
        }
        return self.templates.render("parts/not_found.html", values)

    def path(self, path: str) -> str:
        """A page's path in this language: the default one has no prefix."""
        return path_in(self.code, path, self.plan.config.language)

    def page(
        self,
        template: str,
        title: str,
        path: str,
        languages: tuple[str, ...],
        values: Mapping[str, object],
        policy: str = OWN_SITE,
    ) -> Artifact:
        """Render a page that lies at `path` in the default language and exists in `languages`.

        `policy` is the page's own Content-Security-Policy: a host's is the same for all pages.
        """
        default = self.plan.config.language
        page = PageView(
            language=self.code,
            title=title,
            path=path_in(self.code, path, default),
            home=self.path("/"),
            alternates=tuple(
                (code, self.templates.language.name_of(code), path_in(code, path, default))
                for code in languages
            ),
            assets=self.assets.theme_paths,
            style=self.assets.style,
            scripts=self.assets.scripts,
            words=self.assets.words[self.code],
            languages=self.assets.languages,
            host=self.plan.config.base_url.authority,
            version=self.version,
            policy=policy,
            is_preview=self.plan.config.is_preview,
        )
        html = self.templates.render(template, {"page": page, **values})
        return Artifact(
            url_path=page.path,
            content=html.encode("utf-8"),
            media_type=PAGE_TYPE,
            cache=CacheClass.PAGE,
        )

    def operator_line(self, operator: EconomicOperator) -> OperatorLine:
        """Name an operator, and where its page lies in this language."""
        return OperatorLine(
            name=operator.name,
            identifier=operator.identifier,
            email=operator.email,
            path=self.path(operator_path(operator)),
        )

    def listed(self, plan: ProductPlan) -> ListedModel:
        """A model as a line of a list."""
        category = Code("battery_category", plan.model.traits.category)
        return ListedModel(
            name=plan.model.name,
            model_number=plan.model.model_number,
            maker=self.plan.operators[plan.model.manufacturer].name,
            category=self.templates.language.meaning(category).text,
            identifier=readable_key(plan.uri),
            path=self.path(plan.page_path),
            address=str(plan.uri),
        )


def readable_key(uri: ProductUri) -> str:
    """What stands under the code beside its address: `(01) 09506000134352 (21) ABC123`.

    "" for identifiers of an operator's own, which have no such spelling.
    """
    segments = uri.key.segments
    if segments[0] == "id":
        return ""
    pairs = zip(segments[::2], segments[1::2], strict=True)
    return " ".join(f"({identifier}) {value}" for identifier, value in pairs)


def operator_path(operator: EconomicOperator) -> str:
    """Where an operator's page lies in the default language (DESIGN 4)."""
    return f"/operators/{operator.slug}"


def path_in(code: str, path: str, default: str) -> str:
    """Where a page lies in a language (DESIGN 4: other languages under `/{lang}/`)."""
    if code == default:
        return path
    return f"/{code}" if path == "/" else f"/{code}{path}"


def pages_in_all_languages(plan: Plan, theme: Theme, assets: Assets) -> Iterator[Pages]:
    """The renderers of all configured languages, the default first."""
    version = theme.digest()
    for code in plan.config.languages:
        yield Pages(plan, assets, load_templates(theme, theme.language(code)), version)
