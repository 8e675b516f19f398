#!/bin/bash -eu
exec bash -eu "$SRC/deft/fuzz/oss-fuzz/build.sh"
