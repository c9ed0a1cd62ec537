"""A target: where a site is deployed to, and under which key each of its URLs lies there.

A bucket keeps a page under its URL's own path, so that whatever stands in front only hands it out;
folders, and stores that can't keep a key below another, keep it as `{path}.html`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from generator.build.artifact import PAGE_TYPE, disk_path_of
from generator.content.deploy_settings import PAGES, S3_SCHEME, DeploySettings, check_endpoint
from generator.read.sources import FolderSource
from generator.store.folder_objects import FolderObjects
from generator.store.objects import ObjectStore
from generator.store.s3 import Bucket, open_bucket
from passport.errors import ConfigError

_KEPT_NAMES = ("index.html", "404.html")
"""Hosts are told of these two by name: the home page, and what an unknown address answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """An opened target; `name` is what people call it."""

    name: str
    objects: ObjectStore = field(repr=False)
    html_names: bool
    """Whether a page lies at `{path}.html`."""
    cloudfront: str = ""
    """The CloudFront distribution in front, "" for none."""

    @property
    def source(self) -> FolderSource:
        """The site as it lies there."""
        return FolderSource(self.objects)

    def key_of(self, path: str, media_type: str) -> str:
        """Return the key of a URL path."""
        name = disk_path_of(path, media_type)
        if self.html_names or media_type != PAGE_TYPE or name in _KEPT_NAMES:
            return name
        return name.removesuffix(".html")


def target_settings(named: str | None, settings: DeploySettings | None) -> DeploySettings:
    """Return the target that a command names, or the settings'; `ConfigError` without any.

    What the settings say of the endpoint goes for every bucket.
    """
    if named is None:
        if settings is None:
            raise ConfigError(
                "no target is named", 'name one, or write [deploy] with url = "s3://BUCKET/PREFIX"'
            )
        return settings
    if settings is None or settings.url.rstrip("/") == named.rstrip("/"):
        return settings or DeploySettings(url=named)
    if not named.startswith(S3_SCHEME) or not settings.is_bucket:
        return DeploySettings(url=named)
    return DeploySettings(
        url=named, endpoint=settings.endpoint, region=settings.region, pages=settings.pages
    )


def open_target(settings: DeploySettings, project: Path, environment: Mapping[str, str]) -> Target:
    """Open a target; folders are relative to the project. Nothing is asked of a store yet."""
    if not settings.is_bucket:
        folder = project / settings.url
        return Target(name=str(folder), objects=FolderObjects(folder), html_names=True)
    named = environment.get("AWS_ENDPOINT_URL_S3") or environment.get("AWS_ENDPOINT_URL") or ""
    endpoint = settings.endpoint or named.rstrip("/")
    if endpoint:
        check_endpoint(endpoint, "the store's endpoint")
    bucket = Bucket(
        name=settings.bucket, prefix=settings.prefix, endpoint=endpoint, region=settings.region
    )
    return Target(
        name=settings.url,
        objects=open_bucket(bucket),
        html_names=settings.pages != PAGES[0],
        cloudfront=settings.cloudfront,
    )


def lies_in(target: Target, folder: Path) -> bool:
    """Whether a target is a folder, or lies anywhere below it."""
    objects = target.objects
    if not isinstance(objects, FolderObjects):
        return False
    return objects.root.resolve().is_relative_to(folder.resolve())
