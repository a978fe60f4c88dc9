# What the tests of launch/ share. A test script sources this, defines functions test_<fact>, ends with
# `run_test "$@"` and is started with the name of one of them.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
fake=$root/tests/launch/fake_seve
work=$(mktemp -d)
bin=$work/bin
export fake
readonly root fake work bin
# Those of an allocation or a cluster that these tests may run in.
unset SLURM_JOB_ID CC_CLUSTER
trap 'rm -rf "$work"' EXIT

die() {
  printf 'FAILED: %s\n' "$*" >&2
  exit 1
}

# A program of the given name and text in the folder bin, first in PATH: stand_in NAME TEXT.
stand_in() {
  mkdir -p "$bin"
  printf '#!/bin/bash\n%s\n' "$2" >"$bin/$1"
  chmod a+rx "$bin" "$bin/$1"
  [[ $PATH == "$bin":* ]] || PATH=$bin:$PATH
}

# Runs a command and leaves its exit code in `code`, its standard output and error in `output`.
capture() {
  code=0
  output=$("$@" 2>&1 </dev/null) || code=$?
}

expect_code() {
  ((code == $1)) || die "exit code $code, expected $1. Output: $output"
}

expect_output() {
  [[ $output == *"$1"* ]] || die "'$1' is not in the output: $output"
}

expect_no_output_of() {
  [[ $output != *"$1"* ]] || die "'$1' is in the output: $output"
}

# Waits until a file holds as many lines with this text: wait_for_lines FILE TEXT COUNT.
wait_for_lines() {
  local i lines
  for ((i = 0; i < 300; i++)); do
    lines=$(grep -c "$2" "$1" 2>/dev/null || true)
    ((${lines:-0} < $3)) || return 0
    sleep 0.1
  done
  die "never saw $3 lines with '$2' in $1: $(cat "$1")"
}

# Prints the ids of the processes with this text in an argument.
processes_with() {
  local file arguments
  for file in /proc/[0-9]*/cmdline; do
    { mapfile -d '' arguments <"$file"; } 2>/dev/null || continue
    [[ "${arguments[*]}" != *"$1"* ]] || basename "${file%/cmdline}"
  done
}

# Fails if such a process is still there after some seconds.
expect_no_process_with() {
  local i
  for ((i = 0; i < 50; i++)); do
    [[ $(processes_with "$1") ]] || return 0
    sleep 0.1
  done
  die "still running: $(processes_with "$1")"
}

run_test() {
  [[ ${1-} == test_* ]] || die "usage: ${0##*/} test_NAME"
  declare -F "$1" >/dev/null || die "no such test: $1"
  "$1"
}
