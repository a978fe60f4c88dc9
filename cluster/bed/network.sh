# The networks of a test bed: each node in a namespace of its own, all plugged into a switch, itself in one, and the
# machine plugged in there too. A namespace is a file of the folder net/ of the bed, kept alive by a mount.
# shellcheck shell=bash
# shellcheck disable=SC2154  # bed, nodes, plain, subnet: cluster/testbed

# Prints why nodes cannot have a network each; nothing where they can.
why_no_networks() {
  local said
  if ((EUID != 0)); then
    echo "nodes with a network each take root"
  elif ! command -v ip >/dev/null || ! command -v tc >/dev/null; then
    echo "ip is not installed (Debian: iproute2)"
  elif ! said=$(unshare --net --uts --mount bash -ec '
    ip link add dev one type veth peer name two
    ip link add dev switch type bridge
    mount -t tmpfs none /dev/shm' 2>&1); then
    echo "no namespaces (${said##*$'\n'})"
  fi
}

is_rate() { [[ $1 =~ ^[1-9][0-9]*(k|m|g)?bit$ ]]; }

in_switch() { nsenter --net="$bed/net/switch" "$@"; }

# Runs a command in the network of a node: in_network_of NODE COMMAND...
in_network_of() { nsenter --net="$bed/net/$1" "${@:2}"; }

# Makes a namespace for a network and keeps it: the file net/NAME.
make_namespace() {
  : >"$bed/net/$1"
  unshare --net="$bed/net/$1" ip link set lo up
}

# Plugs this machine into the switch, with the first name and addresses that no other bed has: sets `link` and `subnet`.
# Addresses are of 198.18.0.0/15, which is set aside for tests of networks.
plug_in_machine() {
  local number
  for _ in {1..100}; do
    number=$((RANDOM % 512))
    link=bed$number
    subnet=198.$((18 + number / 256)).$((number % 256))
    [[ ! $(ip -4 route show root "$subnet.0/24") ]] || continue
    if ip link add dev "$link" type veth peer name machine netns "$bed/net/switch" 2>/dev/null; then
      note link subnet
      ip addr add "$subnet.254/24" dev "$link"
      ip link set "$link" up
      return
    fi
  done
  say "found no free name for a link of 100 tried: ip link"
  return 1
}

make_network() {
  local i
  mkdir "$bed/net"
  make_namespace switch
  plug_in_machine
  in_switch ip link add dev switch type bridge
  in_switch ip link set switch up
  in_switch ip link set machine master switch up
  for ((i = 1; i <= nodes; i++)); do
    make_namespace "node$i"
    in_switch ip link add dev "node$i" type veth peer name eth0 netns "$bed/net/node$i"
    in_switch ip link set "node$i" master switch up
    in_network_of "node$i" ip addr add "$subnet.$i/24" dev eth0
    in_network_of "node$i" ip link set eth0 up
  done
}

needs_networks() {
  [[ ! $plain ]] || cannot_run "the nodes of $bed have no network each"
}

shape() {
  local i
  needs_networks
  for ((i = 1; i <= nodes; i++)); do
    if [[ $1 == none ]]; then
      in_network_of "node$i" tc qdisc delete dev eth0 root 2>/dev/null || true
    else
      in_network_of "node$i" tc qdisc replace dev eth0 root tbf rate "$1" burst 64kb latency 50ms
    fi
  done
}

cut() {
  needs_networks
  in_switch ip link set "$1" down
}

join() {
  needs_networks
  in_switch ip link set "$1" up
}

remove_network() {
  local file
  [[ ! ${link-} ]] || ip link delete dev "$link" 2>/dev/null || true
  for file in "$bed"/net/*; do
    [[ ! -e $file ]] || umount "$file" 2>/dev/null || true
  done
}
