"""What hosts must be told, rendered from the one table of headers (`generator.publish.headers`).

nginx, Netlify, hosts with a `_headers` file and CloudFront each have a language of their own for
the same rules. Pages answer at extensionless addresses, nothing redirects, and what is not there
answers 404 with `404.html`. This module prints text; it knows no site.
"""

import json
import re
from collections.abc import Iterator, Mapping

from generator.publish.headers import COMMON_HEADERS, KINDS, PAGE, Headers, Kind, own_headers

_CORS = "Access-Control-Allow-Origin"
_COMPRESSED = (
    "application/did application/json application/ld+json application/linkset+json "
    "application/schema+json application/vc image/svg+xml text/css text/csv text/javascript "
    "text/jsonl text/plain"
)


def nginx_snippet() -> str:
    """Return what stands inside a `server` of nginx, whose `root` is the site's folder."""
    common = "\n".join(f'add_header {name} "{value}" always;' for name, value in COMMON_HEADERS)
    rules = "\n".join(_nginx_location(kind) for kind in KINDS)
    page = _nginx_kind(PAGE)
    return f"""\
# Inside a server block: root /srv/site; include this file. Made by `cellfolio hosts nginx`.
# A location must add no header of its own, or these are lost there.
set $passport_cache "";
set $passport_readers "";
{common}
add_header Cache-Control $passport_cache always;
add_header {_CORS} $passport_readers always;
charset off;
gzip on;
gzip_vary on;
gzip_types {_COMPRESSED};
merge_slashes off;
error_page 404 /404.html;
location = /404.html {{
  internal;
{page}
}}
location = / {{
  try_files /index.html =404;
{page}
}}
{rules}
location / {{
  try_files $uri.html =404;
{page}
}}
"""


def netlify_headers() -> str:
    """Return the `[[headers]]` section of a `netlify.toml`.

    Pages get no rule of their own, as no pattern matches them alone; the host's own default for
    HTML is the very `Cache-Control` that the table gives to pages.
    """
    return "\n".join(_netlify_rule(pattern, headers) for pattern, headers in _rules())


def headers_file() -> str:
    """Return a `_headers` file, as Netlify and Cloudflare Pages read it."""
    blocks = (
        "\n".join((pattern, *(f"  {name}: {value}" for name, value in headers)))
        for pattern, headers in _rules()
    )
    return "\n".join(blocks) + "\n"


def cloudfront_policy() -> str:
    """Return a response headers policy, as `aws cloudfront create-response-headers-policy` takes.

    It says what all answers share; type and cache rule come with each object of the bucket, and the
    function adds what only data has.
    """
    common = dict(COMMON_HEADERS)
    custom = [
        {"Header": name, "Value": common[name], "Override": True}
        for name in ("Permissions-Policy", "Cross-Origin-Opener-Policy")
    ]
    max_age = int(common["Strict-Transport-Security"].removeprefix("max-age="))
    policy: Mapping[str, object] = {
        "Name": "cellfolio",
        "Comment": "What every answer of a passport site has in common",
        "SecurityHeadersConfig": {
            "ContentSecurityPolicy": {
                "ContentSecurityPolicy": common["Content-Security-Policy"],
                "Override": True,
            },
            "ContentTypeOptions": {"Override": True},
            "ReferrerPolicy": {"ReferrerPolicy": common["Referrer-Policy"], "Override": True},
            "StrictTransportSecurity": {
                "AccessControlMaxAgeSec": max_age,
                "IncludeSubdomains": False,
                "Preload": False,
                "Override": True,
            },
        },
        "CustomHeadersConfig": {"Quantity": len(custom), "Items": custom},
    }
    return json.dumps(policy, indent=2) + "\n"


def cloudfront_function() -> str:
    """Return a CloudFront Function for viewer responses: programs may read data, not pages."""
    readable = sorted({kind.media_type for kind in KINDS if _CORS in dict(_own(kind))})
    return f"""\
// A function of the runtime cloudfront-js-2.0, at the event viewer-response.
// Made by `cellfolio hosts cloudfront-function`.
const READABLE = {json.dumps(readable)};

function handler(event) {{
  const response = event.response;
  const type = response.headers['content-type'];
  if (type && READABLE.includes(type.value.split(';')[0].trim())) {{
    response.headers['{_CORS.lower()}'] = {{value: '*'}};
  }}
  return response;
}}
"""


def _rules() -> Iterator[tuple[str, Headers]]:
    yield "/*", COMMON_HEADERS
    yield from ((kind.pattern, _own(kind)) for kind in KINDS)


def _own(kind: Kind) -> Headers:
    return own_headers(kind.media_type, kind.cache)


def _netlify_rule(pattern: str, headers: Headers) -> str:
    lines = ["[[headers]]", f'  for = "{pattern}"', "  [headers.values]"]
    lines += [f'    {name} = "{value}"' for name, value in headers]
    return "\n".join(lines) + "\n"


def _nginx_location(kind: Kind) -> str:
    pattern = re.sub(r":[A-Za-z]+", "[^/]+", re.escape(kind.pattern)).replace(r"\*", ".+")
    return f'location ~ "^{pattern}$" {{\n  try_files $uri =404;\n{_nginx_kind(kind)}\n}}'


def _nginx_kind(kind: Kind) -> str:
    """A type can't be added as other headers are: nginx would send its own as well."""
    own = dict(_own(kind))
    return "\n".join(
        (
            f'  types {{ }}\n  default_type "{own["Content-Type"]}";',
            f'  set $passport_cache "{own["Cache-Control"]}";',
            f'  set $passport_readers "{own.get(_CORS, "")}";',
        )
    )


RENDERERS = {
    "nginx": nginx_snippet,
    "netlify": netlify_headers,
    "headers": headers_file,
    "cloudfront-policy": cloudfront_policy,
    "cloudfront-function": cloudfront_function,
}
"""What can be printed, by name."""
