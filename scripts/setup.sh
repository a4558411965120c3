#!/usr/bin/env bash
# Brings what the project needs: its packages, what is compiled of it, and a redis-server on the PATH; with
# "tests" also a Chromium, without which those of the console are skipped. Quick when all is there.
set -euo pipefail
cd "$(dirname "$0")/.."

fail() {
  echo "setup: $1" >&2
  exit 1
}

node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)' ||
  fail "Node $(node --version) is too old; Marquee needs 20.19 or newer."

if [ ! node_modules/.package-lock.json -nt package-lock.json ]; then
  echo "setup: installing packages (npm ci)"
  npm ci --no-audit --no-fund --loglevel=error
  touch node_modules/.package-lock.json
fi

kernels=src/numeric/kernels
if [ ! -f $kernels/kernels.wasm ] || [ -n "$(find $kernels/assembly $kernels/asconfig.json $kernels/export-offsets.mjs -newer $kernels/kernels.wasm)" ]; then
  echo "setup: compiling the kernels (npm run kernels)"
  npm run --silent kernels
fi

console=src/console
if [ ! -f $console/built/index.html ] || [ -n "$(find $console clients/typescript/src package-lock.json -newer $console/built/index.html -not -path "$console/built*" -type f)" ]; then
  echo "setup: bundling the console (npm run console)"
  npm run --silent console
fi

# As root, or through sudo.
as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

if ! command -v redis-server >/dev/null; then
  if command -v apt-get >/dev/null && { [ "$(id -u)" = 0 ] || command -v sudo >/dev/null; }; then
    echo "setup: installing redis-server (apt-get)"
    export DEBIAN_FRONTEND=noninteractive
    as_root apt-get install -y -qq redis-server >/dev/null 2>&1 ||
      { as_root apt-get update -qq && as_root apt-get install -y -qq redis-server >/dev/null; } ||
      fail "apt-get could not install redis-server; install Redis 6.2 or newer by hand."
  elif command -v brew >/dev/null; then
    echo "setup: installing redis (brew)"
    brew install --quiet redis
  else
    fail "there is no redis-server on the PATH and no apt-get (as root or with sudo) or brew to install it with; install Redis 6.2 or newer."
  fi
fi

if [ "${1:-}" = tests ] && ! command -v chromium chromium-browser google-chrome >/dev/null; then
  if command -v apt-get >/dev/null && { [ "$(id -u)" = 0 ] || command -v sudo >/dev/null; }; then
    echo "setup: installing chromium for the tests of the console (apt-get)"
    export DEBIAN_FRONTEND=noninteractive
    as_root apt-get install -y -qq --no-install-recommends chromium >/dev/null 2>&1 ||
      { as_root apt-get update -qq && as_root apt-get install -y -qq --no-install-recommends chromium; } >/dev/null 2>&1 ||
      echo "setup: apt-get could not install chromium; the tests that need a browser will be skipped."
  else
    echo "setup: there is no chromium; the tests that need a browser will be skipped."
  fi
fi
