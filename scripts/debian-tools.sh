#!/bin/sh
# debian-tools.sh COMMAND:PACKAGE ...  Install each Debian package whose command is missing (no command: always).
set -eu
missing=
for pair in "$@"; do
    command=${pair%%:*}
    if [ -z "$command" ] || ! command -v "$command" >/dev/null 2>&1; then missing="$missing ${pair#*:}"; fi
done
[ -n "$missing" ] || exit 0
if [ "$(id -u)" = 0 ]; then sudo=; else sudo=sudo; fi
if ! command -v apt-get >/dev/null 2>&1 || { [ -n "$sudo" ] && ! command -v sudo >/dev/null 2>&1; }; then
    echo "Please install these packages, then try again:$missing" >&2
    exit 1
fi
echo "Installing from Debian:$missing ..."
# An installation that was interrupted (Ctrl-C, a machine switched off) is brought to its end first: apt refuses until then.
$sudo env DEBIAN_FRONTEND=noninteractive dpkg --configure -a >/dev/null
$sudo apt-get update -qq
# shellcheck disable=SC2086  # one word a package
$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $missing >/dev/null
