#!/usr/bin/env bash
# Install what the tests need from outside Python: Chromium with a font, zbar (a QR decoder), poppler (PDF to pictures),
# age (which opens escrow files).
# What is there is left alone. What cannot be installed is named with its remedy, and the tests that need it fail.
set -euo pipefail

python="${1:-python3}"
cd "$(dirname "$0")/.."
packages=()

have_browser() { "$python" -m tests.browser.chromium >/dev/null 2>&1; }
have_zbar() { "$python" -c "import pyzbar.pyzbar" >/dev/null 2>&1; }
have_poppler() { command -v pdftoppm >/dev/null; }
have_nginx() { PATH="$PATH:/usr/sbin" command -v nginx >/dev/null; }
have_age() { command -v age >/dev/null; }

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi
}

apt_install() {
  command -v apt-get >/dev/null || return 1
  as_root apt-get update -qq &&
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

# A browser that someone named is theirs to repair.
if [ -z "${CELLFOLIO_BROWSER:-}" ] && ! have_browser; then
  echo "no Chromium found: asking Playwright for its own build"
  if "$python" -m playwright install chromium >/dev/null 2>&1; then
    as_root "$python" -m playwright install-deps chromium >/dev/null ||
      echo "Chromium may lack libraries: run $python -m playwright install-deps chromium as root" >&2
  else
    echo "Playwright's build cannot be downloaded here: taking the system's Chromium"
    packages+=(chromium fonts-dejavu-core)
  fi
fi
have_zbar || packages+=(libzbar0)
have_poppler || packages+=(poppler-utils)
have_nginx || packages+=(nginx-light)
have_age || packages+=(age)

if [ "${#packages[@]}" -gt 0 ]; then
  echo "installing ${packages[*]}"
  apt_install "${packages[@]}" || echo "apt-get could not install ${packages[*]}" >&2
fi

have_browser || "$python" -m tests.browser.chromium || true
have_zbar || echo "zbar is missing: install the system package libzbar0" >&2
have_poppler || echo "pdftoppm is missing: install the system package poppler-utils" >&2
have_age || echo "age is missing: install the system package age" >&2
have_nginx || echo "nginx is missing: install the system package nginx-light" >&2
