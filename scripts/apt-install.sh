#!/usr/bin/env bash
# The distribution's packages named, installed where this user may; the first argument says what for.
set -euo pipefail
what=$1
shift

if ! command -v apt-get >/dev/null; then
  echo "there is no $what, and no apt-get to install one" >&2
  exit 1
fi
as_root=()
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null || ! sudo -n true 2>/dev/null; then
    echo "there is no $what, and no right to install one; try: sudo apt-get install $*" >&2
    exit 1
  fi
  as_root=(sudo -n)
fi
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -qq >&2
"${as_root[@]}" apt-get install -qq -y --no-install-recommends "$@" >&2
