"""`cellfolio hosts`: what a host must be told, in its own language."""

import json

import click

from generator.publish.hosts import RENDERERS


@click.command()
@click.argument("form", type=click.Choice(tuple(RENDERERS)))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object with the text in it.")
def command(form: str, *, as_json: bool) -> None:
    """Print a host's configuration, made from the one table of types and headers.

    nginx: what stands inside a server block. netlify: the end of netlify.toml. headers: a _headers
    file, as Cloudflare Pages reads it. cloudfront-policy and cloudfront-function: a policy for
    response headers and a function for viewer responses, for a bucket behind CloudFront.

    \b
    Example: cellfolio hosts nginx > /etc/nginx/snippets/passports.conf
    """
    text = RENDERERS[form]()
    click.echo(json.dumps({"form": form, "text": text}) if as_json else text, nl=as_json)
