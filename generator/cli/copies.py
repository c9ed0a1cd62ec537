"""The option that names copies, for every command that reads what a site publishes."""

import click

at_option = click.option(
    "--at",
    "copies",
    multiple=True,
    metavar="ORIGIN=URL|DIR",
    help="Read what ORIGIN publishes from a copy; can be repeated.",
)
