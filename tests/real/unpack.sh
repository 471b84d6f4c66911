#!/bin/sh
# Unpacks real mail servers, and the DNS server in front of them, from Debian's packages into small root trees that the
# tests start in a chroot: DIR/postfix, DIR/exim and so on. Nothing is installed and no service is started, so the
# machine's own mail server is left alone. DIR is $MXSCOPE_SERVERS, or /var/cache/mxscope-tests. Wants root and fresh
# package lists. A tree that is up to date is kept.
set -eu
dir=${MXSCOPE_SERVERS:-/var/cache/mxscope-tests}
export LC_ALL=C.UTF-8

# wanted PACKAGE...: NAME=VERSION of these packages and of what they need that the machine does not have.
wanted() {
    {
        apt-get -s -o Debug::NoLocking=1 install --no-install-recommends "$@" |
            sed -n 's/^Inst \([^ ]*\) \(\[[^ ]*\] \)\{0,1\}(\([^ ]*\) .*/\1=\3/p'
        apt-cache policy "$@" | awk '/^[^ ]/ { sub(":$", ""); name = $0 } $1 == "Candidate:" { print name "=" $2 }'
    } | sort -u
}

# libraries TREE: copies what TREE's programs and modules load from the machine into the tree.
libraries() {
    paths=$(find "$1" -name '*.so*' -exec dirname {} + | sort -u | paste -sd:)
    find "$1" -type f \( -perm -100 -o -name '*.so*' \) -exec env LD_LIBRARY_PATH="$paths" ldd {} + 2>/dev/null |
        sed -n -e 's/.* => \(\/[^ ]*\) .*/\1/p' -e 's/^[[:space:]]*\(\/[^ ]*ld-[^ ]*\) .*/\1/p' | sort -u |
        while read -r library; do
            case $library in
            "$1"/*) continue ;;
            esac
            mkdir -p "$1$(dirname "$library")"
            cp -L "$library" "$1$library"
        done
}

# tree NAME PACKAGE...: makes DIR/NAME.
tree() {
    name=$1
    shift
    packages=$(wanted "$@")
    [ -n "$packages" ] || {
        echo "unpack.sh: no packages for $name: run apt-get update first" >&2
        exit 1
    }
    if [ "$packages" = "$(cat "$dir/$name/packages" 2>/dev/null)" ]; then
        return
    fi
    echo "unpack.sh: $name"
    work=$(mktemp -d "$dir/.$name.XXXXXX")
    mkdir "$work/debs" "$work/tree"
    # shellcheck disable=SC2086
    (cd "$work/debs" && apt-get -q -o APT::Sandbox::User=root download $packages >/dev/null)
    for deb in "$work"/debs/*.deb; do
        dpkg -x "$deb" "$work/tree"
    done
    rm -rf "$work/tree/usr/share/doc" "$work/tree/usr/share/man" "$work/tree/usr/share/locale"
    libraries "$work/tree"
    chmod 755 "$work/tree"
    echo "$packages" >"$work/tree/packages"
    rm -rf "${dir:?}/$name"
    mv "$work/tree" "$dir/$name"
    rm -rf "$work"
}

mkdir -p "$dir"
tree nsd nsd
tree unbound unbound ldnsutils
tree postfix postfix libsasl2-modules libsasl2-modules-db
tree exim exim4-daemon-light
tree opensmtpd opensmtpd
tree dovecot dovecot-imapd dovecot-pop3d
tree nginx nginx libnginx-mod-mail
tree slurm slurmctld slurmd slurm-client munge
