# Sources that are fetched and built beside Sève. launch/build-on-cluster sources this; it brings say, fail, run, and
# sets `list`, `wanted` (what wanted_sources prints), `sources`, `dependencies`, `work`, `logs`, `march`, `jobs`,
# `offline`, `skipped` and `dry_run`.
# shellcheck shell=bash disable=SC2154

# Prints "name version url sha256" of every source that is to be built, one a line.
wanted_sources() {
  local name version url sum
  while read -r name version url sum; do
    [[ $name && $name != '#'* && " ${skipped[*]} " != *" $name "* ]] || continue
    [[ $sum =~ ^[0-9a-f]{64}$ ]] || fail "$list: $name: the line wants name, version, URL and SHA-256 of 64 digits"
    [[ $(type -t "build_$name") ]] || fail "$list: $name: launch/parts/build_sources.sh has no build_$name"
    echo "$name $version $url $sum"
  done <"$list"
}

sum_of() {
  local sum
  sum=$(sha256sum "$1")
  echo "${sum%% *}"
}

# Puts the archive with this sum from the folder `offline`, whatever it is called, at the path named.
take_offline() {
  local file
  for file in "$offline"/*; do
    [[ -f $file && $(sum_of "$file") == "$1" ]] || continue
    run cp "$file" "$2"
    return
  done
  return 1
}

# Says which archive differs from its sum, and fails.
refuse_archive() {
  say "$2 is not the archive that $list pins ($1):"
  printf '  SHA-256 expected  %s\n  SHA-256 found     %s\n' "$3" "$(sum_of "$2")" >&2
  say "a cut download or an error page (look at it with 'head'): delete it and start again. If it stays so, its project" \
    "has changed the archive: see what, then correct the line"
  exit "$fetch_error"
}

# Fetches what is not there yet and checks every sum.
fetch_sources() {
  local name version url sum archive
  run mkdir -p "$sources"
  while read -r name version url sum; do
    [[ $name ]] || continue
    archive=$sources/$name-$version.tar.gz
    if [[ -f $archive ]]; then
      [[ $(sum_of "$archive") == "$sum" ]] || refuse_archive "$name $version" "$archive" "$sum"
      continue
    elif [[ $offline ]]; then
      take_offline "$sum" "$archive" || {
        say "$name $version: no file in $offline has the SHA-256 $sum ($list); fetch $url"
        exit "$fetch_error"
      }
      continue
    fi
    say "fetching $name $version"
    run curl --fail --location --retry 3 --silent --show-error --output "$archive.part" "$url" || {
      say "$name $version could not be fetched from $url: fetch it on a machine that reaches it, put it into a folder" \
        "and name that with --offline DIR"
      exit "$fetch_error"
    }
    [[ ! $dry_run ]] || continue
    [[ $(sum_of "$archive.part") == "$sum" ]] || refuse_archive "$name $version" "$archive.part" "$sum"
    mv "$archive.part" "$archive"
  done <<<"$wanted"
}

# Configures, builds and installs a CMake project: cmake_project FOLDER OPTION...
# Some are so old that CMake 4 refuses them unless told otherwise.
cmake_project() {
  local folder=$1
  shift
  run cmake -S "$folder" -B "$folder/build-seve" -DCMAKE_BUILD_TYPE=Release -DCMAKE_INSTALL_PREFIX="$dependencies" \
    -DCMAKE_INSTALL_LIBDIR=lib -DBUILD_SHARED_LIBS=OFF -DCMAKE_POSITION_INDEPENDENT_CODE=ON \
    -DCMAKE_POLICY_VERSION_MINIMUM=3.5 -DCMAKE_C_FLAGS="-march=$march" -DCMAKE_CXX_FLAGS="-march=$march" "$@" &&
    run cmake --build "$folder/build-seve" --parallel "$jobs" &&
    run cmake --install "$folder/build-seve"
}

build_CLI11() { cmake_project "$1" -DCLI11_BUILD_TESTS=OFF -DCLI11_BUILD_EXAMPLES=OFF -DCLI11_BUILD_DOCS=OFF; }
build_fmt() { cmake_project "$1" -DFMT_TEST=OFF -DFMT_DOC=OFF; }
build_nlohmann_json() { cmake_project "$1" -DJSON_BuildTests=OFF; }
build_xxHash() { cmake_project "$1/cmake_unofficial" -DXXHASH_BUILD_XXHSUM=OFF; }
# It generates its kernels as it runs, for whatever processor it is on.
build_oneDNN() {
  cmake_project "$1" -DDNNL_LIBRARY_TYPE=STATIC -DDNNL_CPU_RUNTIME=OMP -DDNNL_GPU_RUNTIME=NONE \
    -DDNNL_BUILD_TESTS=OFF -DDNNL_BUILD_EXAMPLES=OFF
}
# Single-threaded, with kernels for the processors of all clusters.
build_OpenBLAS() {
  local options=(TARGET=HASWELL DYNAMIC_ARCH=1 "DYNAMIC_LIST=HASWELL ZEN SKYLAKEX" USE_THREAD=0 USE_LOCKING=1
    NOFORTRAN=1 NO_LAPACK=1 NO_SHARED=1)
  run make -C "$1" -j "$jobs" "${options[@]}" libs && run make -C "$1" "${options[@]}" "PREFIX=$dependencies" install
}

# Unpacks and builds one source unless it is there as wanted: build_source NAME VERSION SUM.
build_source() {
  local name=$1 version=$2 mark=$dependencies/built/$1 what="$2 $3 $march" folder log=$logs/$1.log
  [[ ! -f $mark || $(<"$mark") != "$what" ]] || return 0
  say "building $name $version (output in $log)"
  folder=$work/$name
  run rm -rf "$folder"
  run mkdir -p "$folder" "$logs" "$dependencies/built"
  run tar -xzf "$sources/$name-$version.tar.gz" -C "$folder" --strip-components=1
  if [[ $dry_run ]]; then
    "build_$name" "$folder"
  elif ! "build_$name" "$folder" >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    say "$name $version could not be built (the last lines of $log are above)"
    exit "$build_error"
  else
    echo "$what" >"$mark"
  fi
  run rm -rf "$folder"
}

build_sources() {
  local name version url sum
  while read -r name version url sum; do
    [[ ! $name ]] || build_source "$name" "$version" "$sum"
  done <<<"$wanted"
}
