"""What the README claims, a test proves: which one is written down here, and must be there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = " ".join((ROOT / "README.md").read_text("utf-8").split())
PROOFS = {
    "as signed static files": "sample/test_stranger.py::test_the_stranger_finds_the_sample_genuine",
    "needs no script": "browser/test_passport_page.py::test_a_page_says_the_same_without_scripts",
    "asks nobody else": "browser/test_verify.py::test_it_says_nothing_to_anybody_else",
    "never reaches": "sample/test_nothing_restricted.py::test_nothing_restricted_is_published",
    "told with file, line": "generator/cli/test_check.py::test_bad_input_is_an_error_at_its_place",
    "print commands to try": "test_demo.py::test_what_it_prints_shows_what_it_says",
    "init my-site": "generator/cli/test_init.py::test_a_new_site_is_without_problems",
    "guidance 1.0": "passport/test_applicability.py::test_counts_of_the_guidance",
    "import from spreadsheets": "generator/cli/test_import.py::test_importing_writes_once",
    "all 24 official": "browser/test_languages.py::test_every_language_can_be_shown",
    "passport is genuine": "browser/test_verify.py::test_a_genuine_passport",
    "so does software": "sample/test_foreign_verifiers.py::test_openvc_verifies_every_passport",
    "stock `age`": "generator/cli/test_keys_escrow.py::test_stock_age_opens_what_the_policy_allows",
    "looks for leaks": "generator/build/test_leaks.py::test_a_text_is_found_wherever_it_stands",
    "on record before it leaves": "broker/test_kills.py::test_a12_twenty_kills",
    "the page `/open` ask it": "browser/test_open.py::test_a_recycler_opens_what_dismantling_takes",
    "second lives": "test_battery_life.py::test_a_battery_lives",
    "all or nothing": "test_kills.py::test_ten_kills",
    "only what changed": "generator/publish/test_folder.py::test_only_what_changed_is_written",
    "to a bucket": "deploy/test_buckets.py::test_a_killed_deploy_is_finished_by_the_next",
    "one table": "generator/publish/test_hosts.py::test_nginx_is_told_what_the_table_says",
    "two decoders": "generator/labels/test_refusals.py::test_what_decoders_can_not_read_is_refused",
    "says what a change means": "test_review_page.py::test_the_first_month",
    "a successor": "test_drill.py::test_the_drill_works_and_the_page_has_its_transcript",
    "a real address refuses": (
        "passport/signing/test_keys.py::test_demo_keys_are_refused_for_a_real_site"
    ),
}


@pytest.mark.parametrize("claim", PROOFS)
def test_a_claim_has_its_proof(claim: str) -> None:
    assert claim in README
    name, _, test = PROOFS[claim].partition("::")
    tests = (ROOT / "tests" / name).read_text("utf-8")
    assert re.search(rf"^def {test}\(", tests, re.MULTILINE), PROOFS[claim]
