#!/bin/bash -eu
# Builds deft's fuzz targets as OSS-Fuzz and ClusterFuzzLite ask: from $SRC/deft, in $WORK, into $OUT, with $CXX,
# $CXXFLAGS and $LIB_FUZZING_ENGINE as they are. Everything is linked statically but the C library; nothing depends on
# the processor of the machine that builds. fuzz/check_build.sh runs it without Docker.

engine=$LIB_FUZZING_ENGINE
[[ ${FUZZING_ENGINE:-libfuzzer} == none ]] && engine=  # a driver that replays files

cmake -S "$SRC/deft" -B "$WORK/deft" -G Ninja -DCMAKE_BUILD_TYPE=None \
  -DCMAKE_CXX_COMPILER="$CXX" -DCMAKE_CXX_FLAGS="$CXXFLAGS" \
  -DBUILD_TESTING=OFF -DDEFT_BUILD_PROGRAM=OFF -DDEFT_BUILD_BENCH=OFF -DDEFT_INSTALL=OFF \
  -DDEFT_BUILD_FUZZ=ON -DDEFT_FUZZ_READERS=ON -DDEFT_FUZZ_STATIC=ON -DDEFT_FUZZ_ENGINE="$engine"
cmake --build "$WORK/deft" --target fuzz_targets -j "$(nproc)"

for target in "$WORK"/deft/bin/fuzz_*; do
  name=${target##*/fuzz_}
  cp "$target" "$OUT/"
  cp "$SRC/deft/fuzz/$name.dict" "$OUT/fuzz_$name.dict"
  cp "$SRC/deft/fuzz/$name.options" "$OUT/fuzz_$name.options"
  (cd "$SRC/deft/fuzz/corpus/$name" && cmake -E tar cf "$OUT/fuzz_${name}_seed_corpus.zip" --format=zip -- *)
done
