"""What hosting costs: the arithmetic by hand, and the page's table."""

import subprocess
import sys
from pathlib import Path

from docs.cost import BEGIN, END, SIZES, Cost, Habits, Prices, Size, cost_of

ROOT = Path(__file__).parent.parent


def test_a_bucket_is_counted_by_what_is_written_stored_read_and_sent() -> None:
    size = Size(name="s", passports=1_200_000, is_bucket=True, brokers=2, care=10)
    prices = Prices(
        put_thousand=0.01, get_thousand=0.02, stored_gb=0.03, sent_gb=0.04, domain=1,
        server=10, backup_key_service=5, hour=50,
    )  # fmt: skip
    habits = Habits(
        files=5, bytes=50_000, rewrites_a_year=2, scans_a_year=1, requests_a_scan=10,
        bytes_a_scan=100_000, copies=2,
    )  # fmt: skip
    cost = cost_of(size, prices, habits)
    assert cost.once == 120  # 12,000,000 objects
    # 120 GB stored; 100,000 scans: 1,000,000 requests and 10 GB; 24,000,000 objects a year
    assert round(cost.machines, 6) == 1 + 30 + 3.6 + 20 + 0.4 + 20
    assert cost.people == 500


def test_a_plan_has_one_price() -> None:
    cost = cost_of(SIZES[0], Prices(site_plan=18, domain=2, hour=10), Habits(scans_a_year=10**6))
    assert (cost.once, cost.machines, cost.people) == (0, 20, 10)


def test_a_passport_bears_its_share_of_all_years() -> None:
    cost = Cost(once=100, machines=10, people=90)
    assert cost.a_passport(1_000, 10, with_people=False) == 1.3
    assert cost.a_passport(1_000, 25, with_people=True) == 30.1


def test_the_page_has_the_table() -> None:
    done = subprocess.run(
        [sys.executable, "docs/cost.py"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    page = (ROOT / "docs/operate.md").read_text("utf-8")
    assert page.partition(BEGIN)[2].partition(END)[0] == done.stdout, "run docs/cost.py --write"
