#!/bin/sh
# run.sh TEST ARGS...: one of the tests in Python, with Debian's own.
exec /usr/bin/python3 "$@"
