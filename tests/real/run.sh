#!/bin/sh
# run.sh TEST.py MXSCOPE: runs one test with Debian's Python, whatever else is on the path.
exec /usr/bin/python3 -B "$@"
