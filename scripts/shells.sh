#!/usr/bin/env bash
# The shells whose completions test/package tries: those there are, or the distribution's packages.
set -euo pipefail

for shell in bash zsh fish; do
  command -v "$shell" || "$(dirname "$0")/apt-install.sh" "$shell" "$shell"
done
