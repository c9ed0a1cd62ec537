"""The story of a build: a plan becomes artifacts, one by one.

`load -> check -> plan -> shards: issue, render -> manifest -> publish` (DESIGN 8). This is the part
between check and publish; it writes nothing, and knows the previous site only as what `previous`
returns.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from generator.build.artifact import Artifact, CacheClass
from generator.build.assets import Assets, make_assets
from generator.build.identity import product_documents, site_documents
from generator.build.information_pages import InformationPages
from generator.build.issue import Issued, Issuing
from generator.build.manifest import with_manifest
from generator.build.pages import Pages, pages_in_all_languages
from generator.build.passport_pages import PassportPages
from generator.build.plan import PassportPlan, Plan, Shard, battery_plan
from generator.build.previous import Previous
from generator.build.theme import find_theme
from generator.keys.issuer import Issuer
from passport.credential import MEDIA_TYPE


@dataclass(frozen=True, slots=True)
class Site:
    """A planned site, ready to be made."""

    plan: Plan
    issuer: Issuer
    assets: Assets
    languages: tuple[Pages, ...]

    @property
    def passports(self) -> int:
        """How many passports it has, the models' included."""
        return len(self.plan.models) + sum(len(shard.batteries) for shard in self.plan.shards)

    def artifacts(self, previous: Previous) -> Iterator[Artifact]:
        """Yield every artifact; the same plan, keys and previous site give the same bytes."""
        plan = self.plan
        everything = self._documents(previous)
        base_url = plan.config.base_url
        return with_manifest(everything, base_url, self.issuer, previous, plan.commit, plan.time)

    def _documents(self, previous: Previous) -> Iterator[Artifact]:
        yield from self.assets.artifacts
        yield from site_documents(self.plan, self.issuer)
        yield self.languages[0].not_found(self.languages)
        for pages in self.languages:
            yield pages.home(self.plan.models, self.plan.information)
            for outside in self.plan.information:
                yield InformationPages(PassportPages.of(pages)).page(outside)
        for passport in self.plan.models:
            yield from self._model(passport, previous)
        for shard in self.plan.shards:
            yield from self._batteries(shard, previous)

    def _model(self, passport: PassportPlan, previous: Previous) -> Iterator[Artifact]:
        issued = self._issuing.issue(passport, previous(passport.json_path))
        yield from self._signed(passport, issued)
        for pages in self.languages:
            yield PassportPages.of(pages).model(passport, issued.time)

    def _batteries(self, shard: Shard, previous: Previous) -> Iterator[Artifact]:
        """What is the same for all batteries of the shard is made once a language."""
        config, issuing = self.plan.config, self._issuing
        renderers = [
            PassportPages.of(pages).shard(shard)
            for pages in self.languages
            if pages.code in config.battery_languages
        ]
        for battery in shard.batteries:
            passport = battery_plan(config, shard, battery)
            issued = issuing.issue(passport, previous(passport.json_path))
            yield from self._signed(passport, issued)
            for renderer in renderers:
                yield renderer.battery(passport, issued.time)

    def _signed(self, passport: PassportPlan, issued: Issued) -> Iterator[Artifact]:
        yield Artifact(
            url_path=passport.json_path,
            content=issued.content,
            media_type=MEDIA_TYPE,
            cache=CacheClass.DATA,
        )
        yield from product_documents(passport, self.plan, issued.time)

    @property
    def _issuing(self) -> Issuing:
        base_url = self.plan.config.base_url
        documents = {d: f"{base_url}{path}" for d, path in self.assets.document_paths.items()}
        return Issuing(self.issuer, documents, self.plan.time)


def prepare_site(plan: Plan, issuer: Issuer, project: Path) -> Site:
    """Load what pages are made with: theme, assets, templates of each language."""
    theme = find_theme(project, plan.config.theme)
    passports = (passport.model for passport in plan.models)
    outside = (page.model for page in plan.information)
    assets = make_assets(theme, (*passports, *outside), project)
    return Site(plan, issuer, assets, tuple(pages_in_all_languages(plan, theme, assets)))
