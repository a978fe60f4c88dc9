# What launch/submit asks Slurm and makes of the answers. Sourced by it.
# shellcheck shell=bash disable=SC2154  # What is not assigned here launch/submit has set.

# Prints this very command with each of these accounts.
list_accounts() {
  local account
  for account in "$@"; do echo "  $(same_command '' "--account=$account")"; done
}

# Adds the account to what sbatch is given, where none is in the environment; refuses where only the user can choose.
choose_account() {
  local account=${asked[--account]-} option found
  for option in "${sbatch_options[@]}"; do
    [[ $option != -A* && $option != --account=* ]] || return 0
  done
  # sbatch reads the first of these itself.
  [[ $account || ${SBATCH_ACCOUNT-} ]] || account=${SLURM_ACCOUNT:-${SALLOC_ACCOUNT-}}
  if [[ -z $account && -z ${SBATCH_ACCOUNT-} ]]; then
    [[ $(header_value account_prefix) ]] || return 0
    mapfile -t found < <(accounts)
    case ${#found[@]} in
      # Slurm has one by default, or sbatch will say.
      0) ;;
      1) account=${found[0]} && say "account: $account, the only one you have" ;;
      *)
        say "this cluster wants an account. You have ${#found[@]}; choose:"
        list_accounts "${found[@]}" >&2
        say "(or once for all, in ~/.bashrc: export SBATCH_ACCOUNT=${found[0]})"
        exit "$usage_error"
        ;;
    esac
  fi
  [[ -z $account ]] || sbatch_options+=("--account=$account")
}

# Refuses a run that a job works on, or will: two would write over each other's checkpoints.
refuse_active_run() {
  local id states
  { read -r id <"$run/slurm/job_id"; } 2>/dev/null || return 0
  # A job that is long over is unknown to Slurm, and that is an error to squeue.
  if states=$(squeue --noheader --jobs="$id" --format=%T 2>&1); then
    [[ $states ]] || return 0
    fail "job $id of this run is $(sort -u <<<"$states" | paste -sd' '): wait for it (launch/status $(typed "$run"))," \
      "end it (scancel $id), or choose another folder with --run DIR"
  fi
  [[ $states == *"Invalid job id"* ]] || slurm_fails "squeue" "$states"
}

sizes_asked_for() {
  sed -nE 's/^#SBATCH (--(nodes|gpus|gres|ntasks|cpus|mem|tmp).*)/\1/p' <<<"$header" | paste -sd' '
}

# What to do about what sbatch or squeue said: remedy MESSAGE.
remedy() {
  local found
  case $1 in
    *"Invalid account"* | *"invalid account"*)
      mapfile -t found < <(accounts)
      echo "it is not an account of yours here. Those that Slurm lists: ${#found[@]}"
      list_accounts "${found[@]}"
      ;;
    *"node configuration is not available"* | *"Invalid generic resource"* | *"More processors requested"* | \
      *"Memory specification can not"* | *"Node count specification"*)
      echo "the cluster has no such nodes. Asked for: $(sizes_asked_for)"
      echo "There are: sinfo -o '%P %D %G %c %m %l'. What launch/submit assumes: $profile"
      ;;
    *"invalid partition"*)
      echo "no partition has to be named: Slurm chooses it by the time asked for"
      ;;
    *"time limit"* | *PartitionTimeLimit*)
      echo "ask for less with --time; --blocks goes on in the next job (sinfo -o '%P %l' lists the limits)"
      ;;
    *MaxSubmitJob* | *"QOS policy"* | *"job submit limit"*)
      echo "you have as many jobs as you may, each block being one: fewer --blocks, or wait (squeue -u \$USER)"
      ;;
    *"Unable to contact"* | *"timed out"* | *"not responding"* | *"Connection refused"*)
      echo "Slurm itself does not answer: try again in some minutes"
      ;;
  esac
}

# Says why Slurm did not do it, and ends: slurm_fails PROGRAM MESSAGE.
slurm_fails() {
  local help
  help=$(remedy "$2")
  printf '%s\n' "$2" >&2
  say "$1 refused${help:+: $help}"
  exit "$slurm_refused"
}
