# The files of a job in RUN/slurm/. Sourced by launch/submit.
# shellcheck shell=bash disable=SC2034,SC2154  # It shares its variables with launch/submit.

# What a submission leaves there, and what the jobs of an earlier one may have left.
readonly job_files=(config.textproto job.sbatch job_id stopped "done")

# Prints a path as #SBATCH lines want it: no backslashes, but double quotes where it has blanks.
directive_word() {
  if [[ $1 == *[[:space:]]* ]]; then echo "\"$1\""; else echo "$1"; fi
}

# Prints a word of bash, quoted for people to read.
bash_word() {
  local quote="'" escaped="'\\''"
  if [[ $1 == *[^A-Za-z0-9_@%+=:,./-]* ]]; then echo "'${1//"$quote"/"$escaped"}'"; else echo "$1"; fi
}

# Prints the job script.
render() {
  local blank=$'\n\n'
  cat <<TEXT
#!/bin/bash
# Made by launch/submit; once more: sbatch $(typed "$run/slurm/job.sbatch")
${header%%"$blank"*}
#SBATCH --chdir=$(directive_word "$PWD")

$(sed '/^readonly account_prefix=/d' <<<"${header#*"$blank"}")
readonly root=$(bash_word "$root")
readonly program=$(bash_word "$program")
readonly again=$(bash_word "$(same_command '--dry-run --test-only --prepare' --resume "--run=$run")")

TEXT
  sed '1{/^#!/d}' "$root/launch/job.sbatch"
}

# Makes the run directory's slurm/ for this job: place CONFIGURATION. What was there goes to slurm/.before, which is
# complete as soon as it is there.
place() {
  local folder=$run/slurm file
  while [[ ! -e ${folder:-/} ]]; do made=$folder folder=${folder%/*}; done
  rm -rf "$run"/slurm/.before{,.new}
  state=placed
  mkdir -p "$run/slurm/.before.new" || fail "the run directory $run cannot be made: choose another with --run DIR"
  for file in "${job_files[@]}"; do
    [[ ! -e $run/slurm/$file ]] || cp -p "$run/slurm/$file" "$run/slurm/.before.new/"
  done
  mv "$run/slurm/.before.new" "$run/slurm/.before"
  rm -f "${job_files[@]/#/$run/slurm/}"
  cp "$1" "$run/slurm/config.textproto"
  render >"$run/slurm/job.sbatch"
}

# Takes back what place() did.
take_back() {
  local folder=$run/slurm
  if [[ -d $folder/.before ]]; then
    rm -f "${job_files[@]/#/$folder/}"
    find "$folder/.before" -mindepth 1 -maxdepth 1 -exec mv {} "$folder/" \;
    rmdir "$folder/.before"
  fi
  rm -rf "$folder/.before.new"
  # Folders of ours, as far as nobody else has put something there.
  while [[ $made && $folder == "$made"* ]] && rmdir "$folder" 2>/dev/null; do folder=${folder%/*}; done
}
