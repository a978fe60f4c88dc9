# Ranks in a Slurm allocation, started with srun: what launch/local sources. The script that does so defines `say`.
# shellcheck shell=bash

in_allocation() { [[ ${SLURM_JOB_ID-} ]]; }

# Prints the CPUs of every node of the allocation, one node a line: "4(x2),3" is 4, 4 and 3.
allocated_cpus() {
  local entry times
  for entry in ${SLURM_JOB_CPUS_PER_NODE//,/ }; do
    times=1
    [[ ! $entry =~ \(x([0-9]+)\) ]] || times=${BASH_REMATCH[1]}
    for ((; times > 0; times--)); do echo "${entry%%(*}"; done
  done
}

# Prints how many CPUs the allocation has on all nodes; sum of the lines read.
sum() { awk '{ total += $1 } END { print total + 0 }'; }

# Runs a command on one node of the allocation: here where this is one, which a login node from which `salloc` was
# called is not.
on_a_node() {
  if [[ ${SLURMD_NODENAME-} ]]; then "$@"; else srun --nodes=1 --ntasks=1 "$@" </dev/null; fi
}

# Prints the most ranks that find a place: those the allocation was asked for; without a number, a rank a GPU where
# each node has $1 of them, or one a CPU, or as many CPUs as --cpus-per-task says.
places_in_allocation() {
  local cpus
  if [[ ${SLURM_NTASKS-} ]]; then
    echo "$SLURM_NTASKS"
  elif (($1 > 0)); then
    echo $(($1 * SLURM_JOB_NUM_NODES))
  else
    cpus=$(($(allocated_cpus | sum) / ${SLURM_CPUS_PER_TASK:-1}))
    echo $((cpus > 0 ? cpus : 1))
  fi
}

# Sets the arguments of srun for `ranks` ranks in `srun_options`. The GPUs of a node stay visible to all its ranks
# (--gpus-per-task would hide them from each other, and NCCL then fails or is slow), and which PMI to speak is left to
# the cluster: its openmpi module sets SLURM_MPI_TYPE.
choose_srun_options() {
  local nodes=$SLURM_JOB_NUM_NODES places=${SLURM_NTASKS-} cpus a_node threads
  cpus=$(allocated_cpus | sum)
  srun_options=(--kill-on-bad-exit=1 --ntasks="$ranks")
  if [[ $places ]] && ((ranks <= places)); then
    threads=${SLURM_CPUS_PER_TASK:-1}
    # Fewer ranks than were asked for: on the first nodes, as full as they were meant to be.
    a_node=$(((places + nodes - 1) / nodes))
    nodes=$(((ranks + a_node - 1) / a_node))
  else
    ((nodes <= ranks)) || nodes=$ranks
    a_node=$(((ranks + nodes - 1) / nodes))
    threads=$(($(allocated_cpus | sort -n | head -n 1) / a_node))
    ((threads > 0)) || threads=1
  fi
  srun_options+=(--nodes="$nodes" --ntasks-per-node="$a_node" --cpus-per-task="$threads" --cpu-bind=cores)
  ((ranks * threads <= cpus)) || srun_options+=(--overcommit)
}

# Says where `ranks` ranks compute, with $1 GPUs a node; $2 says why so many.
describe_allocation() {
  local on gpus=$1
  on="$(count "$SLURM_JOB_NUM_NODES" node) ($SLURM_JOB_NODELIST)"
  if ((gpus == 0)); then
    echo "$(count "$ranks" rank) on the CPU, job $SLURM_JOB_ID on $on, $2"
  else
    echo "$(count "$ranks" rank) on $(count $((gpus * SLURM_JOB_NUM_NODES)) GPU), job $SLURM_JOB_ID on $on, $2"
  fi
}

# True on a login node of a cluster.
on_login_node() { [[ ${CC_CLUSTER-} ]] && ! in_allocation; }
