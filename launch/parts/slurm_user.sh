# Who submits, and from where: what launch/submit and launch/build-on-cluster share.
# shellcheck shell=bash

# Takes the variables of a job that this runs in (salloc, a notebook) out of the environment: sbatch would hand them on to
# the new job, whose sizes and bindings they contradict. So do those that sbatch takes for stronger than a script's lines.
forget_own_job() {
  local name
  unset SBATCH_ARRAY_INX SBATCH_GPUS SBATCH_GPUS_PER_NODE SBATCH_GPUS_PER_TASK SBATCH_GRES SBATCH_JOB_NAME \
    SBATCH_MEM_PER_CPU SBATCH_MEM_PER_GPU SBATCH_MEM_PER_NODE SBATCH_NO_REQUEUE SBATCH_OPEN_MODE SBATCH_OUTPUT \
    SBATCH_REQUEUE SBATCH_SIGNAL SBATCH_TIMELIMIT SBATCH_WAIT
  for name in $(compgen -A export SLURM_); do
    case $name in
      SLURM_CONF | SLURM_CLUSTERS | SLURM_JWT) ;;
      *) unset "$name" ;;
    esac
  done
}

# Prints the user's accounts, one a line, as sbatch takes them: Slurm keeps def-x_cpu and def-x_gpu for def-x.
accounts() {
  local all user
  user=$(id -un)
  all=$(sacctmgr --noheader --parsable2 show associations user="$user" format=account 2>/dev/null) ||
    all=$(sshare --noheader --users="$user" --parsable2 --format=Account 2>/dev/null) || true
  tr -d ' ' <<<"$all" | sed -n '/_cpu$/d; s/_gpu$//; /./p' | sort -u
}
