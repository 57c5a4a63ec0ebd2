#!/usr/bin/env bash
# A Chromium of the system for test/browser and for pictures: the one there is, or the distribution's package.
set -euo pipefail

for browser in "${CHROMIUM:-}" chromium chromium-browser google-chrome-stable google-chrome; do
  if [ -n "$browser" ] && command -v "$browser" >/dev/null; then
    command -v "$browser"
    exit 0
  fi
done

if ! command -v apt-get >/dev/null; then
  echo "there is no Chromium, and no apt-get to install one; set CHROMIUM to a browser's path" >&2
  exit 1
fi
as_root=()
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null || ! sudo -n true 2>/dev/null; then
    echo "there is no Chromium, and no right to install one; try: sudo apt-get install chromium" >&2
    exit 1
  fi
  as_root=(sudo -n)
fi
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -qq >&2
"${as_root[@]}" apt-get install -qq -y --no-install-recommends chromium >&2
command -v chromium
