# The Slurm of a test bed: its files, and its daemons.
# shellcheck shell=bash
# shellcheck disable=SC2154  # bed, nodes, plain, ...: cluster/testbed

# Prints so many ports in a row that nobody listens at, below those that the kernel hands out.
free_ports() {
  local first port taken
  taken=" $(awk 'FNR > 1 && $4 == "0A" { sub(/.*:/, "", $2); print $2 }' /proc/net/tcp /proc/net/tcp6 2>/dev/null |
    while read -r port; do printf '%d ' "0x$port"; done)"
  while true; do
    first=$((10000 + RANDOM % 20000))
    for ((port = first; port < first + $1; port++)); do
      [[ $taken != *" $port "* ]] || continue 2
    done
    break
  done
  seq "$first" $((first + $1 - 1))
}

# Prints the lines of slurm.conf about nodes: where they are and what they have.
describe_nodes() {
  local i what="CPUs=$cpus RealMemory=1000000 TmpDisk=4000000 State=UNKNOWN"
  ((gpus == 0)) || what+=" Gres=gpu:$model:$gpus"
  for ((i = 1; i <= nodes; i++)); do
    if [[ $plain ]]; then
      echo "NodeName=node$i NodeHostname=localhost NodeAddr=127.0.0.1 Port=${ports[i]} $what"
    else
      echo "NodeName=node$i NodeHostname=node$i NodeAddr=$subnet.$i Port=${ports[i]} $what"
    fi
  done
}

# Short where a cluster waits for long: a requeued job starts after 6 s (cred_expire) instead of 121, a silent node is
# down after 10 s. Finished jobs stay known for an hour, as there are no accounts.
write_slurm_conf() {
  local machine=localhost user
  user=$(id -un)
  [[ $plain ]] || machine="$(hostname -s)($subnet.254)"
  cat >"$bed/slurm.conf" <<CONF
ClusterName=bed
SlurmctldHost=$machine
SlurmctldPort=${ports[0]}
SlurmUser=$user
SlurmdUser=$user
AuthType=auth/munge
AuthInfo=socket=$bed/munge/socket,cred_expire=5
CredType=cred/munge
StateSaveLocation=$bed/state
SlurmdSpoolDir=$bed/spool/%n
SlurmctldPidFile=$bed/run/slurmctld.pid
SlurmdPidFile=$bed/run/slurmd-%n.pid
SlurmctldLogFile=$bed/log/slurmctld.log
SlurmdLogFile=$bed/log/slurmd-%n.log
TmpFS=$bed/tmp/%n
TaskProlog=$bed/task_prolog
Epilog=$bed/epilog
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
JobCompType=jobcomp/filetxt
JobCompLoc=$bed/log/jobcomp.txt
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
SchedulerParameters=sched_interval=1,sched_min_interval=0,bf_interval=1,batch_sched_delay=0
SlurmdTimeout=10
KillWait=10
MinJobAge=3600
ReturnToService=2
MpiDefault=pmix
GresTypes=gpu
$(describe_nodes)
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
$(if ((${#lines[@]} > 0)); then printf '%s\n' "${lines[@]}"; fi)
CONF
}

# GPUs that Slurm counts: it wants a device of each.
write_gres_conf() {
  local i
  echo "AutoDetect=off" >"$bed/gres.conf"
  ((gpus > 0)) || return 0
  mkdir "$bed/dev"
  for ((i = 0; i < gpus; i++)); do ln -s /dev/null "$bed/dev/nvidia$i"; done
  echo "NodeName=node[1-$nodes] Name=gpu Type=$model File=$bed/dev/nvidia[0-$((gpus - 1))]" >>"$bed/gres.conf"
}

# A folder for each job on each node, under one name on all nodes where each has mounts of its own, as clusters give it;
# Open MPI keeps its files there too.
write_prologs() {
  local disk="$bed/local"
  # shellcheck disable=SC2016  # the prologs'
  [[ ! $plain ]] || disk="$bed/tmp/"'$SLURMD_NODENAME'
  cat >"$bed/task_prolog" <<PROLOG
#!/bin/sh
folder=$disk/job\$SLURM_JOB_ID
mkdir -p "\$folder"
echo "export SLURM_TMPDIR=\$folder"
echo "export TMPDIR=\$folder"
PROLOG
  # With one host name for all nodes, the memory that ranks of a node share would have one name on all.
  [[ ! $plain ]] || echo "echo \"export OMPI_MCA_osc_sm_backing_directory=\$folder\"" >>"$bed/task_prolog"
  cat >"$bed/epilog" <<EPILOG
#!/bin/sh
rm -rf "$disk/job\$SLURM_JOB_ID"
EPILOG
  chmod 755 "$bed/task_prolog" "$bed/epilog"
}

write_slurm_files() {
  local i
  mkdir "$bed/munge" "$bed/state" "$bed/log" "$bed/run" "$bed/spool" "$bed/tmp" "$bed/local"
  for ((i = 1; i <= nodes; i++)); do
    mkdir "$bed/spool/node$i" "$bed/tmp/node$i"
    chmod 1777 "$bed/tmp/node$i"
  done
  (umask 077 && head -c 128 /dev/urandom >"$bed/munge/key")
  mapfile -t ports < <(free_ports $((nodes + 1)))
  write_slurm_conf
  write_gres_conf
  write_prologs
  # Also where the machine's control groups are of version 2 or read-only: nothing here uses them.
  echo "CgroupPlugin=cgroup/v1" >"$bed/cgroup.conf"
  if [[ ! $plain ]]; then
    {
      cat /etc/hosts
      for ((i = 1; i <= nodes; i++)); do echo "$subnet.$i node$i"; done
    } >"$bed/hosts"
  fi
}

# Starts the daemon of a node; `ip netns exec` would not do: it hides control groups, which slurmd looks for.
start_node() {
  if [[ $plain ]]; then
    slurmd -N "$1" -f "$SLURM_CONF"
  else
    # shellcheck disable=SC2016  # the inner shell's
    in_network_of "$1" unshare --uts --mount bash -ec '
      hostname "$1"
      mount --bind "$2/hosts" /etc/hosts
      mount --bind "$2/tmp/$1" "$2/local"
      mount -t tmpfs -o size=1g none /dev/shm
      exec slurmd -N "$1" -f "$SLURM_CONF"' bash "$1" "$bed"
  fi
}

# Says that the bed did not start, with what its daemons logged.
daemons_failed() {
  tail -n 15 "$bed"/*.log "$bed"/log/*.log >&2 || true
  say "$* (the ends of the logs are above)"
  return 1
}

start_daemons() {
  # Not in log/: what has a file of that open is taken for a daemon, and killed in the end.
  local i name states said=$bed/start.log
  for name in $(compgen -A export SLURM_); do unset "$name"; done
  export SLURM_CONF=$bed/slurm.conf
  # By force: the bed may lie in a folder that is the user's alone.
  munged --force --key-file="$bed/munge/key" --socket="$bed/munge/socket" --pid-file="$bed/munge/pid" \
    --log-file="$bed/log/munged.log" --seed-file="$bed/munge/seed" </dev/null >"$said" 2>&1 ||
    daemons_failed "munged did not start"
  slurmctld -f "$SLURM_CONF" </dev/null >>"$said" 2>&1 || daemons_failed "slurmctld did not start"
  for ((i = 1; i <= nodes; i++)); do
    start_node "node$i" </dev/null >>"$said" 2>&1 || daemons_failed "slurmd of node$i did not start"
  done
  # A busy machine may take long; a daemon that gave up has said so.
  for ((i = 0; i < 1200; i++)); do
    states=$(timeout 10 sinfo --noheader --format=%T 2>/dev/null | sort -u) || true
    [[ $states != idle ]] || return 0
    ! grep -q 'fatal:' "$bed"/log/*.log || break
    sleep 0.05
  done
  daemons_failed "the nodes did not become idle: ${states:-no answer from slurmctld}"
}
