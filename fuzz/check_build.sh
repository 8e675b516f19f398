#!/usr/bin/env bash
# check_build.sh [SANITIZER...]: would OSS-Fuzz take our targets? Builds them as it does (address and undefined, unless
# named) and checks each as its bad_build_check does: instrumented enough and by this sanitizer only, starts and ends
# from any folder of a read-only file system, its seed corpus is clean, nothing is linked that the machines which fuzz
# lack; and that corpora, dictionaries and options have the names and forms that are looked for. OSS-Fuzz lets a tenth
# of the targets be broken, this script none.
set -euo pipefail
cd "$(dirname "$0")/.."
sanitizers=("$@")
((${#sanitizers[@]})) || sanitizers=(address undefined)

# What the base-runner's image has.
runner_libraries='^(linux-vdso|ld-linux-x86-64|libc|libm|libdl|libpthread|librt|libresolv|libgcc_s)\.so'
export ASAN_OPTIONS="alloc_dealloc_mismatch=0:allocator_may_return_null=1:allocator_release_to_os_interval_ms=500:check_malloc_usable_size=0:detect_container_overflow=1:detect_odr_violation=0:detect_leaks=1:detect_stack_use_after_return=1:fast_unwind_on_fatal=0:handle_abort=1:handle_segv=1:handle_sigill=1:max_uar_stack_size_log=16:print_scariness=1:quarantine_size_mb=10:strict_memcmp=1:symbolize=1:use_sigaltstack=1:dedup_token_length=3"
export UBSAN_OPTIONS="print_stacktrace=1:print_summary=1:silence_unsigned_overflow=1:symbolize=1:dedup_token_length=3"

# read_only COMMAND...: in / as working folder, where nothing can be written.
if unshare --mount sh -c 'mount -o remount,bind,ro /' 2>/dev/null; then
  read_only() { unshare --mount sh -c 'mount -o remount,bind,ro / && cd / && exec "$@"' - "$@"; }
elif unshare --map-root-user --mount sh -c 'mount -o remount,bind,ro /' 2>/dev/null; then
  read_only() { unshare --map-root-user --mount sh -c 'mount -o remount,bind,ro / && cd / && exec "$@"' - "$@"; }
else
  echo "this machine allows no mount namespaces: targets run from /, but with a file system that can be written to"
  read_only() { (cd / && exec "$@"); }
fi

calls_to() { grep -cE "call +[0-9a-f]+ <$1" "$2" || true; }

options_are_valid() {
  ! grep -vE '^(\[(libfuzzer|honggfuzz|env|asan|msan|ubsan)\]|[a-z_]+ = [^ ]+|#.*|)$' "$1" && grep -qE '^\[' "$1"
}

# Says everything that is wrong with one target, and in one line what it is.
check_target() {
  local sanitizer=$1 target=$2 name=${2##*/} log=$2.log problems=0
  local bad
  bad() { echo "  $name: $*"; problems=$((problems + 1)); }

  file -b "$target" | grep -q 'ELF 64-bit.*x86-64' || bad "is no x86-64 program"
  local missing
  missing=$(ldd "$target" | awk '{print $1}' | sed 's|.*/||' | grep -vE "$runner_libraries" | tr '\n' ' ' || true)
  [[ -z $missing ]] || bad "needs libraries that are not there: $missing"

  local arguments=(-seed=1337 -runs=4 -rss_limit_mb=2560 -timeout=25)
  [[ -f $target.dict ]] && arguments+=("-dict=$target.dict") || bad "has no dictionary $name.dict"
  if ! read_only "$target" "${arguments[@]}" >"$log" 2>&1 || ! grep -q 'Done 4 runs' "$log"; then
    bad "does not start and end:" && tail -20 "$log"
  fi
  local edges
  edges=$(grep -Po 'INFO: Loaded \d+ module.*\(.*(counters|guards)\):\s+\K\d+' "$log" || echo 0)
  ((edges >= 100)) || bad "has $edges edges, fewer than 100: is the code instrumented?"
  if grep -q 'no interesting inputs were found' "$log"; then bad "has no coverage instrumentation"; fi

  local seeds=${target}_seed_corpus
  if [[ -f $seeds.zip ]]; then
    mkdir "$seeds" && (cd "$seeds" && cmake -E tar xf "$seeds.zip")
    [[ -n $(ls "$seeds") ]] || bad "has an empty seed corpus"
    read_only "$target" -runs=0 -rss_limit_mb=2560 -timeout=25 "$seeds" >"$log" 2>&1 ||
      { bad "has an input in its seed corpus that it fails on:" && tail -20 "$log"; }
  else
    bad "has no ${name}_seed_corpus.zip"
  fi
  options_are_valid "$target.options" || bad "has no $name.options, or one with what nobody reads"

  local code asan msan ubsan
  code=$target.calls
  objdump -d --no-show-raw-insn "$target" | grep -E 'call +[0-9a-f]+ <__' >"$code"
  asan=$(calls_to __asan "$code") msan=$(calls_to __msan "$code") ubsan=$(calls_to __ubsan "$code")
  case $sanitizer in
    address)
      ((asan >= 1000)) || bad "calls __asan $asan times, fewer than 1000"
      ((ubsan <= 200)) || bad "calls __ubsan $ubsan times, more than 200"
      ((msan <= 3)) || bad "calls __msan $msan times, more than 3" ;;
    undefined)
      ((ubsan >= 168)) || bad "calls __ubsan $ubsan times, fewer than 168"
      ((asan == 0)) || bad "calls __asan $asan times"
      ((msan <= 3)) || bad "calls __msan $msan times, more than 3" ;;
    memory)
      ((msan >= 1000)) || bad "calls __msan $msan times, fewer than 1000"
      ((asan == 0)) || bad "calls __asan $asan times"
      ((ubsan <= 200)) || bad "calls __ubsan $ubsan times, more than 200" ;;
  esac
  printf '%-10s %-26s %6d edges, calls: %6d __asan %6d __ubsan %6d __msan, %3d seeds: %s\n' "$sanitizer" "$name" "$edges" \
    "$asan" "$ubsan" "$msan" "$(find "$seeds" -type f 2>/dev/null | wc -l)" "$( ((problems)) && echo BAD || echo good)"
  return $((problems != 0))
}
export -f check_target read_only calls_to options_are_valid
export runner_libraries

failed=0
for sanitizer in "${sanitizers[@]}"; do
  fuzz/build_as_oss_fuzz "$sanitizer"
  # The targets run elsewhere than where they were built.
  out=build/oss-fuzz/$sanitizer-libfuzzer/out elsewhere=$PWD/build/oss-fuzz/checked-$sanitizer
  rm -rf "$elsewhere"
  cp -r "$out" "$elsewhere"
  mv "$out" "$out.away"
  mapfile -t targets < <(grep -lrF LLVMFuzzerTestOneInput "$elsewhere" --include='fuzz_*' | grep -v '\.zip$' | sort)
  if ((${#targets[@]} == 0)); then echo "$sanitizer: nothing was built" && failed=1; fi
  printf '%s\n' "${targets[@]}" | xargs -P "$(nproc)" -I{} bash -c 'check_target "$0" "$1"' "$sanitizer" {} || failed=1
  mv "$out.away" "$out"
done
exit $failed
