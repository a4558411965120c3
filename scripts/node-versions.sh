#!/usr/bin/env bash
# npm run node-versions [-- 22 24]: all tests but those in a browser, on other versions of Node, from npm.
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# -gt 0 ] || set -- 22 24
node test/support/built/build.mjs
mapfile -t files < <(grep -L 'support/chromium\|support/console' test/*.test.ts test/*/*.test.ts)
for version; do
  program=$(cd / && npx --yes "node@$version" -p process.execPath)
  export PATH="$(dirname "$program"):$PATH"
  echo "Node $(node --version):"
  node --import "$PWD/test/support/built/loader.mjs" --test --test-timeout=300000 \
    --test-concurrency="$(node -p 'os.availableParallelism()')" "${files[@]}"
done
