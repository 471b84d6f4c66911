#!/bin/sh
# run.sh TEST.py ARGS...: runs a test in a network of its own, with loopback, one wire without anybody at its other end,
# and no other route.
exec unshare --net sh -e -c '
    ip link set lo up
    ip link add wire type veth peer name end
    ip addr add 10.98.0.1/24 dev wire
    ip link set wire up
    ip link set end up
    exec /usr/bin/python3 -B "$@"' sh "$@"
