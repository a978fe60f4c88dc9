# Runs a command that starts ranks (mpirun, srun) so that signals reach them as requests to stop: what launch/local
# sources. The script that does so defines `say`; `hear_signals` before the first job, then `run_job COMMAND...`, which
# leaves `asked` non-empty where the job was asked to stop and `stop_requested` where anybody ever asked.
# shellcheck shell=bash

readonly communication_error=4 stopped_on_request=75
readonly sigusr1=10

# Kills whatever is left of a job here: every process of the session that its launcher ($1) led. Ranks on other nodes
# end with srun.
kill_session() {
  local stat line fields
  for stat in /proc/[0-9]*/stat; do
    { read -r line <"$stat"; } 2>/dev/null || continue
    # After the name in parentheses: state, parent, group, session.
    read -r -a fields <<<"${line##*) }"
    if [[ ${fields[3]} == "$1" ]]; then
      stat=${stat#/proc/}
      kill -KILL "${stat%/stat}" 2>/dev/null || true
    fi
  done
}

# True where this process has a child that is dead and was not waited for.
has_unburied_child() {
  local stat line fields
  for stat in /proc/[0-9]*/stat; do
    { read -r line <"$stat"; } 2>/dev/null || continue
    read -r -a fields <<<"${line##*) }"
    [[ ${fields[0]} != Z || ${fields[1]} != "$1" ]] || return 0
  done
  return 1
}

# Kills an mpirun that is stuck: it waits for its ranks as they die, but hangs for ever where one is killed
# before it has connected (Open MPI 4.1). Ends with the job or this script.
guard_job() {
  local unburied=0
  while sleep 1 && kill -0 "$1" && kill -0 "$$"; do
    if has_unburied_child "$1"; then unburied=$((unburied + 1)); else unburied=0; fi
    ((unburied < 8)) || kill -KILL "$1"
  done
}

# Asks the ranks to stop, once; mpirun and srun hand the signal on to them, but lose it while they start. Between two
# starts, only notes the request.
ask_to_stop() {
  stop_requested=yes
  [[ $job && -z $asked ]] || return 0
  asked=yes
  say "asked the ranks to stop after a checkpoint; Ctrl-C or TERM now kills them"
  # A terminal that closes may say so twice: the second time is not to end what follows.
  trap '' HUP
  {
    ((SECONDS >= listens_at)) || sleep $((listens_at - SECONDS))
    kill -USR1 "$job"
  } &>/dev/null &
}

# First signal: asks. Second: kills the job, its launcher first so that it tidies up, also on other nodes; the script
# ends with this code.
on_signal() {
  signals=$((signals + 1))
  if [[ -z $asked ]]; then
    ask_to_stop
    # Not the code of the command that the signal interrupted, which `return` alone gives.
    return 0
  fi
  killed_with=$1
  kill -TERM "$job" 2>/dev/null || true
  for _ in {1..30}; do
    kill -0 "$job" 2>/dev/null || break
    sleep 0.1
  done
  kill_session "$job"
}

# Turns what mpirun or srun returned into the code that launch/local promises.
report_end() {
  local code=$1
  if ((killed_with > 0)); then
    say "killed"
    return "$killed_with"
  elif [[ $asked ]] && ((code == 128 + sigusr1)); then
    say "stopped before training began"
    return "$stopped_on_request"
  elif ((code >= 128)); then
    # Under srun that may be one of the ranks it then ended.
    say "a rank was killed; this one by signal $((code - 128)) ($(kill -l $((code - 128)) 2>/dev/null || echo unknown))"
    return "$communication_error"
  fi
  return "$code"
}

# What is to happen from now on when a signal arrives, whether a job runs or not.
hear_signals() {
  job='' signals=0 killed_with=0 asked='' stop_requested=''
  trap 'on_signal 130' INT
  trap 'on_signal 143' TERM
  trap 'signals=$((signals + 1)) && ask_to_stop' HUP USR1
}

# Runs the command named in a session of its own, so that a signal meant for this script does not reach the
# ranks before their checkpoint. Should this script be killed, the kernel ends mpirun or srun, and these their ranks.
run_job() {
  local ended heard code guard='' bound=(setpriv --pdeathsig TERM)
  # util-linux before 2.33 (EL 8) cannot.
  "${bound[@]}" true 2>/dev/null || bound=()
  # From when on the launcher surely hands signals to the ranks.
  listens_at=$((SECONDS + 2))
  setsid "${bound[@]}" "$@" </dev/null &
  job=$!
  if [[ $1 == mpirun ]]; then
    guard_job "$job" &>/dev/null </dev/null &
    guard=$!
  fi
  [[ -z $stop_requested ]] || ask_to_stop
  # A signal interrupts `wait`: the code counts only if none came.
  while true; do
    heard=$signals
    code=0
    wait "$job" || code=$?
    ((signals != heard)) || break
  done
  ended=$job job=''
  [[ ! $guard ]] || kill "$guard" 2>/dev/null || true
  kill_session "$ended"
  report_end "$code"
}
