"""The story of a build: a plan becomes artifacts, one by one.

`load -> check -> plan -> shards: issue, render -> publish` (DESIGN 8). This is the part between
check and publish; it writes nothing, and knows the previous site only as what `previous` returns.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from generator.build.artifact import Artifact, CacheClass
from generator.build.assets import Assets, make_assets
from generator.build.issue import MEDIA_TYPE, Issued, issue
from generator.build.pages import Pages, pages_in_all_languages
from generator.build.passport_pages import PassportPages
from generator.build.plan import PassportPlan, Plan, Shard, battery_plan
from generator.build.theme import find_theme
from passport.canonical import canonical_json
from passport.schema import passport_schema, schema_path

Previous = Callable[[str], bytes | None]
"""Returns the previous site's file at a path, None when there is none."""


@dataclass(frozen=True, slots=True)
class Site:
    """A planned site, ready to be made."""

    plan: Plan
    assets: Assets
    languages: tuple[Pages, ...]

    @property
    def passports(self) -> int:
        """How many passports it has, the models' included."""
        return len(self.plan.models) + sum(len(shard.batteries) for shard in self.plan.shards)

    def artifacts(self, previous: Previous) -> Iterator[Artifact]:
        """Yield every artifact; the same plan and previous site give the same bytes."""
        yield from self.assets.artifacts
        yield self._schema()
        yield self.languages[0].not_found(self.languages)
        for pages in self.languages:
            yield pages.home(self.plan.models)
        for passport in self.plan.models:
            yield from self._model(passport, previous)
        for shard in self.plan.shards:
            yield from self._batteries(shard, previous)

    def _model(self, passport: PassportPlan, previous: Previous) -> Iterator[Artifact]:
        issued = self._issue(passport, previous)
        yield _credential(passport, issued)
        for pages in self.languages:
            yield PassportPages.of(pages).model(passport, issued.time)

    def _batteries(self, shard: Shard, previous: Previous) -> Iterator[Artifact]:
        """What is the same for all batteries of the shard is made once a language."""
        config = self.plan.config
        renderers = [
            PassportPages.of(pages).shard(shard)
            for pages in self.languages
            if pages.code in config.battery_languages
        ]
        for battery in shard.batteries:
            passport = battery_plan(config, shard, battery)
            issued = self._issue(passport, previous)
            yield _credential(passport, issued)
            for renderer in renderers:
                yield renderer.battery(passport, issued.time)

    def _issue(self, passport: PassportPlan, previous: Previous) -> Issued:
        base_url = self.plan.config.base_url
        documents = {d: f"{base_url}{path}" for d, path in self.assets.document_paths.items()}
        published = previous(passport.json_path.lstrip("/"))
        return issue(passport, documents, published, self.plan.time)

    def _schema(self) -> Artifact:
        return Artifact(
            url_path=schema_path(),
            content=canonical_json(passport_schema(str(self.plan.config.base_url))),
            media_type="application/schema+json",
            cache=CacheClass.ASSET,
        )


def prepare_site(plan: Plan, project: Path) -> Site:
    """Load what pages are made with: theme, assets, templates of each language."""
    theme = find_theme(project, plan.config.theme)
    models = (passport.model for passport in plan.models)
    assets = make_assets(theme, models, project)
    return Site(plan, assets, tuple(pages_in_all_languages(plan, theme, assets)))


def _credential(passport: PassportPlan, issued: Issued) -> Artifact:
    return Artifact(
        url_path=passport.json_path,
        content=issued.content,
        media_type=MEDIA_TYPE,
        cache=CacheClass.DATA,
    )
