# Stand-ins for seve and for Slurm's commands, for the tests of launch/submit. tests/cluster/submit_test.py has the
# real ones. A test script sources this.
# shellcheck shell=bash
# shellcheck disable=SC2016  # The texts of stand-ins expand when they run.
# shellcheck source=testing.sh
. "$(dirname "${BASH_SOURCE[0]}")/testing.sh"

unset CC_CLUSTER SEVE_DATA SBATCH_ACCOUNT SLURM_ACCOUNT SALLOC_ACCOUNT
submit=$root/launch/submit
config=$root/configs/digits_mlp.textproto
generic=$work/generic.textproto
run=$work/runs/digits
export SEVE_PROGRAM=$work/seve LOG=$work/log
touch "$generic" "$LOG"

# Seve as launch/submit needs it: says what it was asked, and prints the job of a request that is right.
cat >"$SEVE_PROGRAM" <<'SEVE'
#!/bin/bash
echo "seve $*" >>"$LOG"
case ${SEVE_FAKE-} in
  slow) sleep 1 ;;
  exit_*) echo "seve says why" >&2 && exit "${SEVE_FAKE#exit_}" ;;
esac
run=$PWD/runs/default
while (($# > 0)); do
  case $1 in
    --run) run=$2 ;;
    --write-config) echo "resolved ${SEVE_FAKE-}" >"$2" ;;
  esac
  shift
done
echo "the plan" >&2
echo "#SBATCH --job-name=digits_mlp
#SBATCH --nodes=1
#SBATCH --gpus-per-node=a100:1
#SBATCH --output=$run/slurm/${SEVE_OUTPUT:-%x-%j.out}

readonly modules=(StdEnv/2023)
readonly run=$(printf %q "$run")
readonly account_prefix=${SEVE_PREFIX-}"
SEVE
chmod +x "$SEVE_PROGRAM"

# A Slurm that takes every job; the environment of the test is that of a user in the folder `work`.
stand_in sbatch 'echo "sbatch $*" >>"$LOG"
env | grep -E "^(SLURM_|SBATCH_TIME)" >"$LOG.slurm"
case " $* " in
  *" --test-only "*) cat >"$LOG.script"; echo "sbatch: Job 7 to start at noon" >&2 ;;
  *) cp "${*: -1}" "$LOG.script"; echo "${SBATCH_SAYS-41}" ;;
esac'
stand_in squeue 'echo "squeue $*" >>"$LOG"; echo "slurm_load_jobs error: Invalid job id specified" >&2; exit 1'
stand_in sacctmgr 'printf "%s\n" ${ACCOUNTS-}'
cd "$work" || exit

submit_digits() {
  capture "$submit" --cluster "$generic" --run "$run" "$@" "$config"
}

expect_file() {
  [[ -e $1 ]] || die "$1 is not there"
}

expect_no_file() {
  [[ ! -e $1 ]] || die "$1 is there: $(ls -A "$1")"
}

expect_log() {
  grep -qF -- "$1" "$LOG" || die "'$1' is not in the log: $(<"$LOG")"
}

expect_no_log() {
  ! grep -qF -- "$1" "$LOG" || die "'$1' is in the log: $(<"$LOG")"
}

# Nothing was submitted and nothing is there.
expect_nothing() {
  expect_no_log "sbatch"
  expect_no_file "$work/runs"
}

refuse_with() {
  expect_code 2
  expect_output "$1"
  expect_nothing
}
