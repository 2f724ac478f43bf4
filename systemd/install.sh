#!/bin/sh
# Installs the service's files below $DESTDIR (empty: this system), and the program unless PROGRAM=no.
# make install [DESTDIR=…] [PREFIX=/opt/vbdaemon] [PYTHON=python3]
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
destdir=${DESTDIR:-}
prefix=${PREFIX:-/opt/vbdaemon}
python=${PYTHON:-python3}
units=$destdir/etc/systemd/system

if [ "${PROGRAM:-yes}" = yes ]; then
    "$python" -m venv "$destdir$prefix"
    pip="$destdir$prefix/bin/pip --quiet --disable-pip-version-check"
    $pip install --require-hashes -r "$root/requirements-build.txt"
    $pip install --require-hashes -r "$root/requirements.txt"
    $pip install --no-deps --no-build-isolation "$root"
    # Programs name their Python by its path: it is the one after the files were moved out of DESTDIR.
    if [ -n "$destdir" ]; then
        grep -rIlF "$destdir$prefix" "$destdir$prefix/bin" "$destdir$prefix/pyvenv.cfg" |
            xargs -r sed -i "s|$destdir$prefix|$prefix|g"
    fi
    mkdir -p "$destdir/usr/local/bin"
    ln -sfn "$prefix/bin/vbdaemon" "$destdir/usr/local/bin/vbdaemon"
fi

for unit in "$here"/vbdaemon*.service "$here"/vbdaemon*.socket "$here"/vbdaemon*.timer; do
    install -D -m 0644 "$unit" "$units/$(basename "$unit")"
    if [ "$prefix" != /opt/vbdaemon ]; then
        sed -i "s|/opt/vbdaemon/bin|$prefix/bin|" "$units/$(basename "$unit")"
    fi
done
install -D -m 0644 "$here/vbdaemon.sysusers" "$destdir/etc/sysusers.d/vbdaemon.conf"
install -D -m 0644 "$here/vbdaemon.tmpfiles" "$destdir/etc/tmpfiles.d/vbdaemon.conf"
install -D -m 0644 "$here/vbdaemon-alerts.yml" "$destdir/usr/share/vbdaemon/vbdaemon-alerts.yml"
install -D -m 0644 "$here/README.md" "$destdir/usr/share/doc/vbdaemon/README.md"

if [ -z "$destdir" ]; then
    systemd-sysusers vbdaemon.conf
    systemd-tmpfiles --create vbdaemon.conf
    systemctl daemon-reload
    echo "installed; next: vbdaemon init /srv/vbdaemon (systemd/README.md, Setting up)"
fi
