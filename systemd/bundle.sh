#!/bin/sh
# Packs all that a machine without network needs: wheels, Debian packages, checksums, install.sh.
# Made on a machine like the one it is for: same system, same processor, same Python.
#   make bundle [OUT=dist] [DEBS=no]
set -eu
umask 022

checkout=$(cd "$(dirname "$0")/.." && pwd)
python=${PYTHON:-$checkout/.venv/bin/python}
packages='python3-venv acl tesseract-ocr tesseract-ocr-vie fonts-freefont-ttf'
version=$(sed -n 's/^version = "\(.*\)"/\1/p' "$checkout/pyproject.toml" | head -n 1)
system=$(. /etc/os-release && echo "$ID $VERSION_ID")
processor=$(uname -m)
mkdir -p "${OUT:-$checkout/dist}"
out=$(cd "${OUT:-$checkout/dist}" && pwd)
bundle=$out/vbdaemon-$version-$(echo "$system" | tr -d ' ')-$processor
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

wheels() {
    echo "wheels …"
    # A driver for PostgreSQL is locked with the tests; a site may want it.
    awk '/^[a-z]/ {take = /^psycopg/} take' "$checkout/requirements-test.txt" >"$work/postgresql.txt"
    cat "$checkout/requirements.txt" "$work/postgresql.txt" >"$bundle/requirements.txt"
    pack --require-hashes -r "$bundle/requirements.txt"
    for name in vbdaemon pyproject.toml README.md LICENSE; do
        cp -R "$checkout/$name" "$work/"
    done
    pack --no-build-isolation --no-index "$work"
}

pack() {
    "$python" -m pip --quiet --quiet --disable-pip-version-check wheel --wheel-dir "$bundle/wheels" --no-deps "$@"
}

# What would be installed on a machine with nothing on it.
wanted() {
    apt-get install --simulate --no-install-recommends -o Dir::State::status="$work/nothing" "$@" 2>/dev/null |
        sed -n 's/^Inst \([^ ]*\) .*/\1/p' | sort -u
}

# All that is not on every machine, with what it needs in turn.
debs() {
    echo "Debian packages …"
    [ "$(id -u)" != 0 ] || apt-get update -qq || true
    : >"$work/nothing"
    archive=libarchive13
    apt-cache show libarchive13t64 >/dev/null 2>&1 && archive=libarchive13t64
    wanted $packages "$archive" >"$work/all"
    wanted $(dpkg-query --show --showformat='${Priority} ${Package}\n' | sed -n 's/^\(required\|important\) //p') >"$work/base"
    (cd "$bundle/debs" && comm -23 "$work/all" "$work/base" | xargs -r apt-get download --quiet --quiet 2>"$work/log") || true
    want=$(comm -23 "$work/all" "$work/base" | wc -l)
    have=$(find "$bundle/debs" -name '*.deb' | wc -l)
    if [ "$want" = 0 ] || [ "$have" -lt "$want" ]; then
        echo "only $have of the Debian packages could be had (no package source within reach?); what is missing the"
        echo "machine must have already: $packages $archive"
    fi
}

rm -rf "$bundle"
mkdir -p "$bundle/wheels" "$bundle/debs"
wheels
if [ "${DEBS:-yes}" = yes ]; then debs; fi
cp "$checkout/systemd/install.sh" "$bundle/install.sh"
mkdir -p "$bundle/systemd" "$bundle/doc" "$bundle/plugins"
for file in "$checkout"/systemd/vbdaemon* "$checkout/systemd/README.md"; do cp "$file" "$bundle/systemd/"; done
for guide in config plugins spool systemd; do cp "$checkout/$guide/README.md" "$bundle/doc/$guide.md"; done
cp "$checkout/README.md" "$checkout/CHANGELOG.md" "$checkout/LICENSE" "$bundle/doc/"
cp "$checkout"/plugins/*.py "$bundle/plugins/"
printf 'version=%s\nsystem=%s\nprocessor=%s\npython=%s\n' "$version" "$system" "$processor" \
    "$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')" >"$bundle/bundle.txt"
(cd "$bundle" && find . -type f ! -name SHA256SUMS -printf '%P\n' | LC_ALL=C sort | xargs -d '\n' sha256sum >SHA256SUMS)
tar --create --file "$bundle.tar" --directory "$out" --sort=name --owner=0 --group=0 "$(basename "$bundle")"
echo "$bundle.tar: $(($(stat --format=%s "$bundle.tar") / 1000000)) MB, bundle $(sha256sum <"$bundle/SHA256SUMS" | cut -c -16)"
echo "on the other machine, as root: tar --extract --file $(basename "$bundle.tar") && $(basename "$bundle")/install.sh"
