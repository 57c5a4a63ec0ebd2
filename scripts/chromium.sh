#!/usr/bin/env bash
# A Chromium of the system for test/browser and for pictures: the one there is, or the distribution's package.
set -euo pipefail

for browser in "${CHROMIUM:-}" chromium chromium-browser google-chrome-stable google-chrome; do
  if [ -n "$browser" ] && command -v "$browser" >/dev/null; then
    command -v "$browser"
    exit 0
  fi
done

"$(dirname "$0")/apt-install.sh" "Chromium (or set CHROMIUM to a browser's path)" chromium
command -v chromium
