"""The story of a build: a plan becomes artifacts, one by one.

`load -> check -> plan (what changed, versions, indexes) -> shards: issue, render -> manifest -> log
-> publish` (DESIGN 8). This is the part between check and publish. It writes nothing; the plan, the
keys and the previous site decide every byte.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from generator.build.access_policy import policy_document
from generator.build.artifact import Artifact
from generator.build.closing import Closing, Statuses
from generator.build.history import past_of, superseded
from generator.build.identity_documents import product_documents, site_documents
from generator.build.issue import Issued, Issuing, kept
from generator.build.leaks import Watch, unwatched
from generator.build.log import Ledger
from generator.build.manifest import Listing, carried_over
from generator.build.pages.assets import Assets, document_urls, make_assets, published_documents
from generator.build.pages.information_pages import InformationPages
from generator.build.pages.open_page import open_page
from generator.build.pages.operator_pages import operator_pages
from generator.build.pages.passport_pages import PageOf, PassportPages, ShardPages
from generator.build.pages.rendering import Pages, operator_path, pages_in_all_languages
from generator.build.pages.theme import find_theme
from generator.build.plan import PassportPlan, Plan, Shard, battery_plan
from generator.build.previous import PreviousSite
from generator.build.sealing import Restricted, Sealer, sealed_artifacts
from generator.build.status_lists import read_status_lists
from generator.build.tombstones import Tombstones
from generator.build.versions import Due, Versions, plan_versions
from generator.build.withdrawals import plan_withdrawals
from generator.keys.groups import GroupKeys
from generator.keys.issuer import Issuer
from passport.encoding.strict_json import parse_object
from passport.log.entry import EntryType, LogEntry


@dataclass(frozen=True, slots=True)
class Site:
    """A planned site, ready to be made."""

    plan: Plan
    issuer: Issuer
    assets: Assets
    languages: tuple[Pages, ...]
    previous: PreviousSite
    issuing: Issuing
    sealer: Sealer
    versions: Versions
    statuses: Statuses
    to_log: tuple[LogEntry, ...]
    watch: Watch = unwatched

    @property
    def passports(self) -> int:
        """How many passports it has, the models' included."""
        return len(self.plan.models) + sum(len(shard.batteries) for shard in self.plan.shards)

    def artifacts(self) -> Iterator[Artifact]:
        """Yield every artifact; the same plan, keys and previous site give the same bytes."""
        listing = Listing(self.previous, self.plan.revision)
        ledger = Ledger(self.previous, self.plan.config.base_url, self.issuer)
        yield from listing.through(self._documents(ledger))
        yield from listing.through(self._tombstones.of_published(listing.files.keys()))
        yield from listing.through(carried_over(self.previous, listing.files))
        closing = Closing(
            issuer=self.issuer,
            previous=self.previous,
            time=self.plan.time,
            commit=self.plan.revision.commit,
            to_log=self.to_log,
        )
        yield from closing.artifacts(listing.files, ledger, self.statuses)
        yield from ledger.artifacts()

    def _documents(self, ledger: Ledger) -> Iterator[Artifact]:
        yield from self.assets.artifacts
        yield from site_documents(self.plan, self.issuer)
        yield from policy_document(self.plan.policy)
        yield self.languages[0].not_found(self.languages)
        for pages in self.languages:
            yield pages.home()
            yield open_page(pages)
            for outside in self.plan.information:
                yield InformationPages.of(pages).page(outside)
        models = [PassportPages.of(pages).model for pages in self.languages]
        for passport in self.plan.models:
            yield from self._passport(passport, ledger, models)
        named = self._named_operators()
        for shard in self.plan.shards:
            yield from self._batteries(shard, ledger, named)
        for pages in self.languages:
            yield from operator_pages(pages, named)

    def _named_operators(self) -> set[str]:
        """Those that pages of models name; whose page was published once keeps it."""
        operators, published = self.plan.operators, self.previous.files
        named = {slug for slug in operators if operator_path(operators[slug]) in published}
        for plan in self.plan.described:
            named |= {plan.model.manufacturer, plan.operator.slug}
        return named | {self.plan.config.issuer}

    def _batteries(self, shard: Shard, ledger: Ledger, named: set[str]) -> Iterator[Artifact]:
        """What is the same for all batteries of the shard is made once a language.

        The operators who are responsible for them now are added to those that are `named`.
        """
        config = self.plan.config
        pages = [
            ShardPages(PassportPages.of(pages), shard).battery
            for pages in self.languages
            if pages.code in config.battery_languages
        ]
        for battery in shard.batteries:
            passport = battery_plan(config, shard, battery)
            named.add(passport.operator.slug)
            yield from self._passport(passport, ledger, pages)

    def _passport(
        self, passport: PassportPlan, ledger: Ledger, pages: Iterable[PageOf]
    ) -> Iterator[Artifact]:
        """A passport's own artifacts, in their order."""
        due = self.versions.due.get(passport.json_path)
        issued = self._issue(passport, due, ledger)
        past = past_of(passport, issued, self.previous, self.plan)
        own = chain(
            (issued.artifact(passport),),
            self._sealed(passport, due) if due else (),
            superseded(passport, past),
            product_documents(passport, self.plan, issued),
            (page(passport, issued, past) for page in pages),
        )
        yield from self.watch(passport, own)

    def _issue(self, passport: PassportPlan, due: Due | None, ledger: Ledger) -> Issued:
        """A version that is due is signed and entered into the log; any other keeps its bytes."""
        if due is None:
            content = self.previous.get(passport.json_path)
            assert content is not None, "a passport without a previous version is due"
            return kept(content, self.statuses.withdrawn)
        issued = self.issuing.issue(passport, due.edition, due.related)
        document = parse_object(issued.content)
        ledger.add(LogEntry.of_document(EntryType.PASSPORT, document), due.edition.index)
        return issued

    def _sealed(self, passport: PassportPlan, due: Due) -> Iterator[Artifact]:
        """Seal what a due version binds and the previous site has not: the plan knows its digest.

        Planning sealed it before, and kept nothing: the same input gives the same bytes.
        """
        before = self.previous.document(passport.json_path)
        bound = self.sealer.bound(passport, due.edition.version, before)
        return self._tombstones.instead_of(sealed_artifacts(bound))

    @property
    def _tombstones(self) -> Tombstones:
        return Tombstones(
            refusals=self.plan.refusals,
            ceased=self.versions.ceased,
            issuer=self.issuer,
            base_url=self.plan.config.base_url,
            previous=self.previous,
            time=self.plan.time,
        )


def prepare_site(
    plan: Plan,
    issuer: Issuer,
    keys: GroupKeys | None,
    restricted: Restricted,
    previous: PreviousSite,
    project: Path,
    to_log: tuple[LogEntry, ...] = (),
    watch: Watch = unwatched,
) -> Site:
    """Load what pages are made with, and decide which passports are due or withdrawn.

    Without `keys` nothing is sealed: published files are carried over. `to_log` is what commands
    want entered into the log, `watch` sees each passport's own files.
    """
    theme = find_theme(project, plan.config.theme)
    published = published_documents(plan.described_models, project)
    assets = make_assets(theme, published, plan.config.languages)
    documents = document_urls(published, plan.config.base_url)
    issuing = Issuing(issuer, documents, plan.time)
    first_index = Ledger(previous, plan.config.base_url, issuer).next_index
    sealer = Sealer(
        keys=keys,
        restricted=restricted,
        previous=previous,
        documents=documents,
        project=project,
    )
    versions = plan_versions(plan.passports, issuing, sealer, previous, first_index)
    return Site(
        plan=plan,
        issuer=issuer,
        assets=assets,
        languages=tuple(pages_in_all_languages(plan, theme, assets)),
        previous=previous,
        issuing=issuing,
        sealer=sealer,
        versions=versions,
        statuses=_statuses(plan, issuer, previous, versions),
        to_log=to_log,
        watch=watch,
    )


def _statuses(plan: Plan, issuer: Issuer, previous: PreviousSite, versions: Versions) -> Statuses:
    lists = read_status_lists(previous, issuer, plan.config.base_url)
    return Statuses(
        lists=lists,
        count=lists.count(versions.next_index if versions.due else 0),
        withdrawn=plan_withdrawals(plan.withdrawn, previous, lists),
        days=plan.config.status_days,
    )
