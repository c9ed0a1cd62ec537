#!/bin/sh
# The steps from an edit to the published site, for any forge: its jobs call them in this order.
#
#   review.sh check              every problem of the content; fails on errors
#   review.sh comment BASE       what the change means for passports, as Markdown for one comment
#   review.sh reason BASE        fails if a change that the law looks at has no Passport-Reason
#   review.sh preview            the pages as they would be, in preview/; needs no key
#   review.sh deploy             after the merge: build on what is deployed, and deploy
#   review.sh refresh            on a schedule: sign the status lists anew, and deploy them
#   review.sh check-deploy       on a schedule: does the host serve the site as it should?
#
# BASE is the branch to merge into, such as origin/main. Only deploy and refresh need keys: give
# them to jobs of the protected branch, never to those of a pull request.
set -eu
cd "$(dirname "$0")"

setting() {
  sed -n "s/^$1 *= *\"\(.*\)\".*/\1/p" cellfolio.toml | head -n 1
}

require_target() {
  if ! grep -q '^\[deploy\]' cellfolio.toml; then
    echo "cellfolio.toml has no [deploy] yet, so nothing is deployed"
    exit 0
  fi
}

# Where the branch began. Without the whole history there is nothing to compare with.
base() {
  git merge-base "$1" HEAD || { echo "Git knows no commit that $1 and HEAD share" >&2; exit 1; }
}

# An anchor in a Git ref goes with the repository, so that the next machine knows it. There is none
# before the first deployment; one that can't be fetched stops everything.
fetch_anchor() {
  before=""
  case "$(setting anchor)" in
    refs/*)
      there="$(git ls-remote origin "$(setting anchor)")"
      if [ -n "$there" ]; then
        git fetch --quiet origin "+$(setting anchor):$(setting anchor)"
        before="$(git rev-parse --verify "$(setting anchor)")"
      fi
      ;;
  esac
}

push_anchor() {
  case "$(setting anchor)" in
    refs/*) git push --quiet --force-with-lease="$(setting anchor):$before" origin "$(setting anchor)" ;;
  esac
}

case "${1:-}" in
  check)
    cellfolio check --format "${CELLFOLIO_FORMAT:-text}"
    ;;
  comment)
    base="$(base "$2")"
    cellfolio diff "$base" HEAD --format markdown
    ;;
  reason)
    base="$(base "$2")"
    if ! cellfolio diff "$base" HEAD --need-reason >/dev/null; then
      echo "end a commit's message with a line Passport-Reason: CODE: why" >&2
      exit 1
    fi
    ;;
  preview)
    cellfolio build --base-url https://preview.invalid --out preview
    ;;
  deploy)
    require_target
    fetch_anchor
    # The very first build has nothing to go on from: CELLFOLIO_OPTIONS=--genesis, once.
    cellfolio build --previous deployed ${CELLFOLIO_OPTIONS:-}
    cellfolio deploy
    push_anchor
    ;;
  refresh)
    require_target
    fetch_anchor
    cellfolio build --previous deployed
    cellfolio refresh --time "$(date -u +%Y-%m-%dT%H:%M:%SZ)"
    cellfolio deploy
    push_anchor
    ;;
  check-deploy)
    require_target
    fetch_anchor
    cellfolio check-deploy "$(setting base_url)"
    ;;
  *)
    sed -n '2,/^set -eu/{/^#/s/^# \{0,1\}//p;}' "$0" >&2
    exit 2
    ;;
esac
