#!/usr/bin/env bash
# Development only, until the first release: write migration 0001 anew from the models.
set -eu
rm -f migrations/versions/0001_*.py
mv migrations/versions/0002_append_only.py /tmp/0002.$$ 2>/dev/null || true
db=$(mktemp -u).db
DATABASE_URL="sqlite:///$db" SECRET_KEY=x .venv/bin/flask --app wsgi db migrate --rev-id 0001 -m tables
rm -f "$db"*
mv /tmp/0002.$$ migrations/versions/0002_append_only.py 2>/dev/null || true
sed -i 's/deliberation\.kernel\.database\.Instant(timezone=True)/sa.DateTime(timezone=True)/; s/    # ### .*//' migrations/versions/0001_tables.py
