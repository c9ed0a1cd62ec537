"""What hosting costs: three sizes, a month and a passport over 10, 15 and 25 years.

Prices, sizes and habits stand at the top, and are inputs: list prices of 2026 in euros, rounded up,
to be replaced by those of your own contract. They are held constant, as nobody knows those of 2050.
`python docs/cost.py` prints the table of docs/operate.md, `--write` puts it there.
"""

import sys
from dataclasses import dataclass
from pathlib import Path

PAGE = Path(__file__).parent / "operate.md"
BEGIN, END = "<!-- cost -->\n", "<!-- end of cost -->\n"
YEARS = (10, 15, 25)
MONTHS = 12
THOUSAND, GB = 1_000, 1_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """Euros; storage and servers a month."""

    put_thousand: float = 0.005
    """Writing a thousand objects (S3, us-east, list price)."""
    get_thousand: float = 0.001
    """A thousand requests of readers, with the delivery network's share."""
    stored_gb: float = 0.025
    """A gigabyte stored, a month."""
    sent_gb: float = 0.09
    """A gigabyte sent to readers."""
    site_plan: float = 20.0
    """A plan of a static host, a month."""
    server: float = 8.0
    """A small virtual server, a month: the broker's."""
    backup_key_service: float = 5.0
    """KMS keys, secrets, monitoring, a month."""
    domain: float = 2.0
    """The domain and its protection, a month."""
    hour: float = 60.0
    """An hour of somebody's care."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """What a passport weighs and how it is used; the first two were measured on a small model."""

    files: int = 5
    """Files a battery: page, passport, DID document, link set, sealed payload."""
    bytes: int = 60_000
    """Of all of them (35,000 for a model of few data points), each language more 25,000."""
    rewrites_a_year: float = 1.0
    """How often a battery's files are all written anew: events, a theme, a new program."""
    scans_a_year: float = 2.0
    """Visits to a battery's page."""
    requests_a_scan: int = 8
    bytes_a_scan: int = 80_000
    """Compressed, script and styles included."""
    copies: int = 2
    """The site and its mirror, each stored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """One of the three sizes; `care` are hours a month for all of it."""

    name: str
    passports: int
    is_bucket: bool
    brokers: int
    care: float


SIZES = (
    Size(name="one Netlify site", passports=1_000, is_bucket=False, brokers=0, care=1),
    Size(name="bucket, CDN, broker", passports=100_000, is_bucket=True, brokers=1, care=6),
    Size(name="object store, cluster", passports=10_000_000, is_bucket=True, brokers=3, care=40),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Euros: once, and a month without and with people."""

    once: float
    machines: float
    people: float

    def a_passport(self, passports: int, years: int, *, with_people: bool) -> float:
        """Return euros a passport for all those years."""
        monthly = self.machines + (self.people if with_people else 0)
        return (self.once + monthly * MONTHS * years) / passports


def cost_of(size: Size, prices: Prices, habits: Habits) -> Cost:
    """Return what a size costs."""
    fixed = prices.domain + size.brokers * (prices.server + prices.backup_key_service)
    people = size.care * prices.hour
    if not size.is_bucket:
        return Cost(once=0.0, machines=fixed + prices.site_plan, people=people)
    writes = size.passports * habits.files * habits.copies / THOUSAND * prices.put_thousand
    stored = size.passports * habits.bytes * habits.copies / GB * prices.stored_gb
    scans = size.passports * habits.scans_a_year / MONTHS
    read = scans * habits.requests_a_scan / THOUSAND * prices.get_thousand
    sent = scans * habits.bytes_a_scan / GB * prices.sent_gb
    rewritten = writes * habits.rewrites_a_year / MONTHS
    return Cost(once=writes, machines=fixed + stored + read + sent + rewritten, people=people)


def table(prices: Prices, habits: Habits) -> str:
    """Return the table as Markdown."""
    years = " | ".join(f"{count} years" for count in YEARS)
    lines = [
        f"| size | passports | once | a month | with people | a passport, {years} |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for size in SIZES:
        cost = cost_of(size, prices, habits)
        each = " | ".join(
            f"{_cents(cost.a_passport(size.passports, count, with_people=False))} to "
            f"{_cents(cost.a_passport(size.passports, count, with_people=True))}"
            for count in YEARS
        )
        lines.append(
            f"| {size.name} | {size.passports:,} | € {cost.once:,.0f} | € {cost.machines:,.0f} | "
            f"€ {cost.machines + cost.people:,.0f} | {each} |"
        )
    return "\n".join(lines) + "\n"


def _cents(euros: float) -> str:
    return f"€ {euros:.4f}" if euros < 0.01 else f"€ {euros:.2f}"


def main() -> None:
    """Print the table, or write it."""
    text = table(Prices(), Habits())
    if "--write" not in sys.argv[1:]:
        sys.stdout.write(text)
        return
    before, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}{text}{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
