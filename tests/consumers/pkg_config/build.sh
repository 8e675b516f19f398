#!/bin/sh
# Uses an installed deft without CMake: PKG_CONFIG_PATH=<prefix>/lib/pkgconfig build.sh <program to write>; the one that
# samples itself is called ..._profile, the one with benchmarks ..._measure.
set -eu
${CXX:-g++} -std=c++20 -O2 "$(dirname "$0")/../main.cpp" $(pkg-config --cflags --libs deft) -o "$1"
${CXX:-g++} -std=c++20 -O2 "$(dirname "$0")/../profile.cpp" $(pkg-config --cflags --libs deft_profile) -o "$1_profile"
${CXX:-g++} -std=c++20 -O2 "$(dirname "$0")/../measure.cpp" $(pkg-config --cflags --libs deft_measure) -o "$1_measure"
