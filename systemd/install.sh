#!/bin/sh
# Installs vbdaemon, or brings it up to date: from a bundle (no network is used), or from a checkout.
#
#   install.sh               install; or upgrade: backup, migrate, check, start
#   install.sh --back        the former version again, with the database of then if the new one changed it
#   install.sh --root DIR    all of it below DIR, to try it out: no Debian packages, no user, no service
#
# DESTDIR=… (make install) puts files there for a package, and runs nothing. PREFIX, PYTHON: other places.
set -eu
umask 022

here=$(cd "$(dirname "$0")" && pwd)
root='' back=no
while [ $# -gt 0 ]; do
    case $1 in
    --back) back=yes ;;
    --root) root=$(mkdir -p "$2" && cd "$2" && pwd) && shift ;;
    *) sed -n 's/^#   //p' "$0" >&2 && exit 2 ;;
    esac
    shift
done
destdir=${DESTDIR:-}
place=${PREFIX:-/opt/vbdaemon}
prefix=$root$place
site=$root/srv/vbdaemon
config=${VBDAEMON_CONFIG:-$site/config/vbdaemon.toml}
[ -f "$config" ] || config=$(readlink -f "$root/etc/vbdaemon/vbdaemon.toml" || echo "$config")
backups=$root/var/backups/vbdaemon
python=${PYTHON:-python3}
systemctl=${SYSTEMCTL:-$([ -z "$root" ] && echo systemctl || echo :)}

die() {
    echo "install.sh: $*" >&2
    exit 1
}

# What came over a stick or a copied folder is what was packed, and nothing besides.
verify() {
    (cd "$here" && sha256sum --check --strict --quiet SHA256SUMS) || die "the bundle is damaged; copy it again"
    strange=$(cd "$here" && find . ! -type d ! -path ./SHA256SUMS -printf '%P\n' |
        grep -vxF "$(cut -c 67- SHA256SUMS)" || true)
    [ -z "$strange" ] || die "not of the bundle: $strange; remove it, or copy the bundle again"
    echo "bundle: $(sha256sum <"$here/SHA256SUMS" | cut -c -16) (compare with what make bundle said)"
}

# Debian packages that are not here yet. Those of another system are of no use.
packages() {
    [ -z "$root" ] || return 0
    if [ "$(. /etc/os-release && echo "$ID $VERSION_ID")" != "$(told system)" ]; then
        echo "the Debian packages of this bundle are for $(told system); install tesseract and python3-venv yourself"
        return 0
    fi
    set --
    for deb in "$here"/debs/*.deb; do
        [ -e "$deb" ] || continue
        package=$(dpkg-deb --field "$deb" Package)
        [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] ||
            set -- "$@" "$deb"
    done
    [ $# -eq 0 ] && return 0
    echo "Debian packages: $# are installed"
    DEBIAN_FRONTEND=noninteractive apt-get install --quiet --quiet --yes --no-install-recommends --no-download "$@" ||
        die "apt could not install them; see its words above"
}

told() {
    sed -n "s/^$1=//p" "$here/bundle.txt"
}

# A folder of its own for each version: the way back is a link.
choose_name() {
    if [ -d "$here/wheels" ]; then
        version=$(told version) sum=$(sha256sum <"$here/SHA256SUMS")
        has=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])') || die "no Python: $python"
        [ "$has" = "$(told python)" ] ||
            die "the bundle is for Python $(told python), $python is $has; name another with PYTHON=…"
    else
        version=$(sed -n 's/^version = "\(.*\)"/\1/p' "$here/../pyproject.toml" | head -n 1)
        sum=$(date +%s.%N)
    fi
    name=$version number=2
    [ -z "$destdir" ] || return 0
    current=$(readlink "$prefix/current" || true)
    [ -n "$current" ] || [ ! -x "$prefix/bin/vbdaemon" ] || current=. # as it was before versions had folders
    while [ -e "$prefix/$name" ]; do
        [ "$(cat "$prefix/$name/complete" 2>/dev/null)" = "$sum" ] && return 0
        [ -e "$prefix/$name/complete" ] || [ "$name" = "$current" ] || rm -rf "${prefix:?}/$name" # interrupted
        [ -e "$prefix/$name" ] || return 0
        name=$version-$number number=$((number + 1))
    done
}

take() {
    "$target/bin/python" -m pip --quiet --disable-pip-version-check install --root-user-action=ignore "$@"
}

program() {
    target=$destdir$prefix/$name
    [ -e "$target/complete" ] && return 0
    "$python" -m venv "$target" || die "no virtual environment; apt install python3-venv"
    if [ -d "$here/wheels" ]; then
        set -- --no-index --find-links "$here/wheels"
        take "$@" --require-hashes -r "$here/requirements.txt"
        take "$@" --no-deps "$here"/wheels/vbdaemon-*.whl
    else
        take --require-hashes -r "$here/../requirements-build.txt"
        take --require-hashes -r "$here/../requirements.txt"
        take --no-deps --no-build-isolation "$here/.."
    fi
    # Programs name their Python by its path: it is the one after the files were moved out of DESTDIR.
    if [ -n "$destdir" ]; then
        grep -rIlF "$destdir$prefix" "$target/bin" "$target/pyvenv.cfg" | xargs -r sed -i "s|$destdir$prefix|$prefix|g"
    else
        "$target/bin/vbdaemon" --version
    fi
    mkdir -p "$target/share"
    cp -R "$units" "$target/share/systemd"
    echo "$sum" >"$target/complete"
}

# $1: the folder with the files for systemd, each version has its own.
system_files() {
    for unit in "$1"/vbdaemon*.service "$1"/vbdaemon*.socket "$1"/vbdaemon*.timer; do
        to=$destdir$root/etc/systemd/system/$(basename "$unit")
        install -D -m 0644 "$unit" "$to"
        [ "$place" = /opt/vbdaemon ] || sed -i "s|/opt/vbdaemon/current|$place/current|" "$to"
    done
    install -D -m 0644 "$1/vbdaemon.sysusers" "$destdir$root/etc/sysusers.d/vbdaemon.conf"
    install -D -m 0644 "$1/vbdaemon.tmpfiles" "$destdir$root/etc/tmpfiles.d/vbdaemon.conf"
    install -D -m 0644 "$1/vbdaemon-alerts.yml" "$destdir$root/usr/share/vbdaemon/vbdaemon-alerts.yml"
    install -D -m 0644 "$1/README.md" "$destdir$root/usr/share/doc/vbdaemon/README.md"
    if [ -z "$destdir$root" ]; then
        systemd-sysusers vbdaemon.conf
        systemd-tmpfiles --create vbdaemon.conf
    fi
    [ -n "$destdir" ] || $systemctl daemon-reload
}

# $1: a version. Commands of the new one are found by the same name as those of the old.
switch_to() {
    ln -sfn "$1" "$destdir$prefix/current.new"
    mv -T "$destdir$prefix/current.new" "$destdir$prefix/current"
    mkdir -p "$destdir$root/usr/local/bin"
    ln -sfn "$prefix/current/bin/vbdaemon" "$destdir$root/usr/local/bin/vbdaemon"
}

# $1: a version, then a command of it.
vb() {
    version_of=$1 && shift
    "$prefix/$version_of/bin/vbdaemon" --config "$config" "$@"
}

upgrade() {
    running=no well=no
    ! $systemctl is-active --quiet vbdaemon || running=yes
    ! vb "$current" check >/dev/null 2>&1 || well=yes
    $systemctl stop vbdaemon
    # Whatever ends this before its time: the daemon of before runs again.
    trap 'exit 1' HUP INT TERM
    trap '[ "$running" = no ] || $systemctl start vbdaemon' EXIT
    echo "backup, by $current:"
    if said=$(vb "$current" backup "$backups" 2>&1); then
        echo "$said"
        made=$(find "$backups" -mindepth 1 -maxdepth 1 -type d -name '2*Z*' ! -name '*.incomplete' | sort | tail -n 1)
    else
        case $said in
        *"nothing was ever received here"*) made='' ;;
        *) die "no upgrade without a backup: $said" ;;
        esac
    fi
    printf 'version=%s\nbackup=%s\nrunning=%s\n' "$current" "$made" "$running" >"$prefix/before"
    trap go_back EXIT
    switch_to "$name"
    system_files "$units"
    [ -z "$made" ] || vb "$name" migrate || die "the database could not be brought up to date; back to $current"
    [ "$well" = no ] || vb "$name" check || die "$name finds what $current did not, see above; back to $current"
    [ "$running" = no ] || $systemctl start vbdaemon ||
        die "$name does not start: journalctl -u vbdaemon; back to $current"
    trap - EXIT
    echo "$name is in use; the way back: $0 --back"
}

before() {
    sed -n "s/^$1=//p" "$prefix/before"
}

go_back() {
    [ -f "$prefix/before" ] || die "there is no version to go back to"
    former=$(before version) made=$(before backup)
    $systemctl stop vbdaemon
    switch_to "$former"
    if [ -n "$made" ] && ! said=$(vb "$former" migrate 2>&1); then
        case $said in
        *newer* | *"No such command"*) ;; # the first versions cannot migrate: the database of then is theirs
        *) die "$former is in place, but its database is not: $said" ;;
        esac
        echo "the database of then is put back; what came in since is set aside, and must be handed in again:"
        vb "$former" restore "$made" --to "$(dirname "$(dirname "$config")")" --force ||
            die "the backup $made could not be put back; nothing was deleted"
    fi
    [ ! -d "$prefix/$former/share/systemd" ] || system_files "$prefix/$former/share/systemd"
    [ "$(before running)" = no ] || $systemctl start vbdaemon
    mv "$prefix/before" "$prefix/before.done"
    echo "$former is in use again"
}

units=$here
[ ! -d "$here/systemd" ] || units=$here/systemd
[ -z "$root" ] || cd "$root"
if [ "$back" = yes ]; then
    go_back
    exit 0
fi
[ ! -d "$here/wheels" ] || verify
if [ "${PROGRAM:-yes}" = yes ]; then
    [ ! -d "$here/wheels" ] || [ -n "$destdir" ] || packages
    choose_name
    program
    if [ -z "$destdir" ] && [ -n "$current" ]; then
        [ "$current" != "$name" ] || die "$name is in use already"
        if [ -f "$config" ]; then
            upgrade
            exit 0
        fi
        ! $systemctl is-active --quiet vbdaemon || die "where are the settings? name them: VBDAEMON_CONFIG=… $0"
    fi
    switch_to "$name"
fi
system_files "$units"
[ -n "$destdir" ] || echo "installed; next: vbdaemon init $site (systemd/README.md, Setting up)"
