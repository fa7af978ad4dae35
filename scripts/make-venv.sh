#!/bin/sh
# Make a virtual environment; on a Debian that has python3 without its venv module, install that first.
set -eu
venv=$1
"$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "digitlens needs Python 3.11 or newer; $PYTHON is $("$PYTHON" --version). Try: make run PYTHON=python3.12" >&2
    exit 1
}
if ! "$PYTHON" -c 'import ensurepip' 2>/dev/null; then
    sh "$(dirname "$0")/debian-tools.sh" :python3-venv
fi
"$PYTHON" -m venv "$venv"
