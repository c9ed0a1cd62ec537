"""A project on disk that is as small as can be read: one operator, models of a few lines, a lot."""

from pathlib import Path

_SETTINGS = """\
base_url = "https://id.example.com"
issuer = "maker"
keys = "demo"
languages = ["en", "de"]
battery_languages = ["en"]
"""
_OPERATOR = """\
name: Maker GmbH
identifier: DE123456789
address: {street: Werkstr. 1, postal_code: "04229", city: Leipzig, country: DE}
web: https://maker.example
email: post@maker.example
roles:
  - {role: manufacturer, evidence: register, valid_from: 2020-01-01}
plants:
  north: {name: North works, city: Leipzig, country: DE}
"""
_MODEL = """\
name: {name}
model_number: {name}
gtin: "{gtin}"
manufacturer: maker
plants: [north]
placed_as: {placed_as}
category: industrial
stationary: {stationary}
bms: true
scope:
  rationale: as sold
  industrial_use: designed for telecom sites
  stationary_reason: feeds a site's equipment
  market_route: made-in-eu
  reviewer: Second Person
  reviewed_on: 2026-10-14
{scope}
"""
COLLECTOR = """\
name: Collector GmbH
identifier: DE999999999
address: {street: Weg 2, postal_code: "04229", city: Leipzig, country: DE}
web: https://collector.example
roles:
  - {role: waste-operator, evidence: permit, valid_from: 2020-01-01}
"""
"""An operator that takes waste batteries."""
_GTINS = ("09506000134352", "09506000134369", "09506000134376", "09506000134383")


def write(folder: Path, name: str, text: str) -> Path:
    """Write a file of the project."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def write_project(folder: Path) -> Path:
    """Write the settings and the operator."""
    write(folder, "cellfolio.toml", _SETTINGS)
    write(folder, "content/operators/maker.yaml", _OPERATOR)
    return folder


def write_model(
    folder: Path,
    slug: str,
    volts: str,
    *,
    number: int = 0,
    placed_as: str = "pack",
    scope: str = "",
    stationary: bool = True,
) -> None:
    """Write a model of 100 Ah; `scope` holds further lines of the decision, not indented."""
    lines = "".join(f"  {line}\n" for line in scope.splitlines())
    text = _MODEL.format(
        name=slug,
        gtin=_GTINS[number],
        placed_as=placed_as,
        scope=lines.rstrip(),
        stationary=str(stationary).lower(),
    )
    write(folder, f"content/models/{slug}/model.yaml", text)
    figures = f"nominal_voltage: {volts} V\nrated_capacity: 100 Ah\n"
    write(folder, f"content/models/{slug}/performance.yaml", figures)


def write_lot(folder: Path, *rows: str) -> None:
    """Write a lot; a row is `serial,model,placed_on_market,installation`."""
    lines = [line.split(",") for line in rows]
    text = "".join(
        f"{serial},{model},north,2026-11,{placed},{where}\n"
        for serial, model, placed, where in lines
    )
    head = "serial,model,plant,manufactured,placed_on_market,installation\n"
    write(folder, "content/batteries/lot.csv", head + text)
