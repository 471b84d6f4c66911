#!/bin/sh
# validate_test.sh VALIDATE SCHEMA WRITE_SAMPLE: needs Debian's python3-jsonschema (data/packages/test.txt).
exec /usr/bin/python3 "$@"
