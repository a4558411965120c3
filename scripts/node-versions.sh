#!/usr/bin/env bash
# npm run node-versions [-- 22 24]: all tests but those in a browser, on other versions of Node, from npm.
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# -gt 0 ] || set -- 22 24
node test/support/build.mjs
mapfile -t files < <(grep -L 'support/chromium\|support/console\|walk-console' .built/test/*.test.js .built/test/*/*.test.js)
for version; do
  program=$(cd / && npx --yes "node@$version" -p process.execPath)
  export PATH="$(dirname "$program"):$PATH"
  echo "Node $(node --version):"
  node --enable-source-maps --test --test-reporter=spec --test-timeout=600000 \
    --test-concurrency="$(node -p 'os.availableParallelism()')" "${files[@]}"
done
