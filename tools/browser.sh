#!/usr/bin/env bash
# Find Chromium and a Chinese font for the browser tests, or install them; say which in one line each.
set -eu

say() { echo "$1: $2"; }

chromium() { command -v chromium-headless-shell || command -v chromium; }

missing=()
chromium >/dev/null || missing+=(chromium-headless-shell)
compgen -G '/usr/share/fonts/*/noto/NotoSansCJK*' >/dev/null || missing+=(fonts-noto-cjk)

if [ ${#missing[@]} -gt 0 ]; then
    if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
        echo "The browser tests need ${missing[*]}. As root on Debian: apt-get install ${missing[*]}" >&2
        exit 1
    fi
    say "${missing[*]}" "installing"
    log=$(mktemp)
    if ! { apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -qy install --no-install-recommends \
            "${missing[@]}"; } >"$log" 2>&1; then
        cat "$log" >&2
        exit 1
    fi
    rm -f "$log"
fi

say "Chromium" "$("$(chromium)" --version 2>/dev/null | head -n 1)"
say "Chinese font" "$(compgen -G '/usr/share/fonts/*/noto/NotoSansCJK*' | head -n 1)"
