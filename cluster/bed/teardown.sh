# The end of a test bed: nothing that belongs to it is left.
# shellcheck shell=bash
# shellcheck disable=SC2154  # bed: cluster/testbed

# Prints the processes that belong to the bed: all in a network of its nodes; daemons, which have a log of the bed open;
# and those of jobs, by their environment. Others come and go meanwhile: that is no error.
processes_of_bed() {
  local networks
  networks=$(stat -L -c %i "$bed"/net/* 2>/dev/null) || true
  {
    [[ ! $networks ]] || stat -L -c '%i %n' /proc/[0-9]*/ns/net | grep -wF "$networks" || true
    find /proc/[0-9]*/fd -lname "$bed/log/*" || true
    grep -zlxF "SLURM_CONF=$bed/slurm.conf" /proc/[0-9]*/environ | xargs -r grep -zl '^SLURM_JOB_ID=' || true
  } 2>/dev/null | sed -nE 's,.*/proc/([0-9]+)/.*,\1,p' | sort -un
}

# Prints the ids of this process and of those that started it.
ancestors() {
  local id=$$
  while ((id > 0)); do
    echo "$id"
    id=$(sed -nE 's/^PPid:\s+//p' "/proc/$id/status")
  done
}

kill_processes() {
  local left spared
  spared=$(ancestors)
  for _ in {1..200}; do
    mapfile -t left < <(processes_of_bed | grep -vxF "$spared")
    ((${#left[@]} > 0)) || return 0
    kill -KILL "${left[@]}" 2>/dev/null || true
    sleep 0.05
  done
  say "still there after 10 s: processes ${left[*]}"
}

# Has jobs end in an orderly way, if they do so within some seconds.
cancel_jobs() {
  local jobs='' left
  for _ in {1..30}; do
    left=$(SLURM_CONF=$bed/slurm.conf timeout 5 squeue --noheader --format=%A 2>/dev/null | sort -u) || return 0
    [[ $left ]] || return 0
    # Once: a second TERM would tell a training to end without a checkpoint.
    # shellcheck disable=SC2086  # several
    [[ $jobs ]] || SLURM_CONF=$bed/slurm.conf timeout 5 scancel $left 2>/dev/null || true
    jobs=$left
    sleep 0.1
  done
}

# Ends the bed, as far as it was started. Signals wait: half an end helps nobody.
take_down() {
  [[ $bed ]] || return 0
  trap '' HUP INT TERM
  trap - EXIT
  [[ ! -s $bed/run/slurmctld.pid ]] || cancel_jobs
  kill_processes
  remove_network
  cd /
  rm -rf "$bed"
}
