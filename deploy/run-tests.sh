#!/bin/sh
# The whole suite on SQLite, browser included, then on a throwaway PostgreSQL all that asks the database.
set -eu
cd "$(dirname "$0")/.."
need() {
    command -v "$1" >/dev/null || { echo "$1 is missing: apt-get install $2" >&2; exit 1; }
}
need pg_virtualenv postgresql-common
need pdftotext poppler-utils
command -v chromium >/dev/null || command -v chromium-browser >/dev/null || need chromium chromium
export LC_ALL=C.UTF-8
unset DATABASE_URL
echo "== SQLite"
.venv/bin/python -m pytest -n 2 "$@"
echo "== PostgreSQL"
pg_virtualenv -c '--locale=C.UTF-8 --encoding=UTF8' sh -c '
    DATABASE_URL="postgres://$PGUSER:$PGPASSWORD@$PGHOST:$PGPORT/postgres" \
    .venv/bin/python -m pytest -n 2 --ignore tests/browser "$@"' pytest "$@"
