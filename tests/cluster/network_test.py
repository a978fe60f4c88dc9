"""Nodes of the test bed have a network between them, which can be slowed down and cut."""

import sys

import bed

# The task of node2 sends 4 MB to that of node1, by name, and says how many seconds it took until all was there.
TRANSFER = """
import os, socket, time
if os.environ["SLURM_PROCID"] == "0":
    with socket.create_server(("", 7030)) as server, server.accept()[0] as peer:
        while peer.recv(1 << 16):
            pass
else:
    for attempt in range(100):
        try:
            peer = socket.create_connection(("node1", 7030), 10)
            break
        except ConnectionRefusedError:
            time.sleep(0.1)
    with peer:
        start = time.monotonic()
        peer.sendall(bytes(4 << 20))
        peer.shutdown(socket.SHUT_WR)
        peer.recv(1)
        print(time.monotonic() - start)
"""


class NetworkTest(bed.Case):
    needs_separate_nodes = True

    def transfer(self):
        (self.here / "transfer.py").write_text(TRANSFER)
        return float(self.bed.run("srun", "--nodes=2", sys.executable, self.here / "transfer.py").stdout)

    def test_a_shaped_network_carries_no_more_than_its_rate(self):
        self.transfer()
        self.bed.shape("100mbit")
        try:
            # 33.5 million bits, but for the 64 KiB that go at once.
            self.assertGreater(self.transfer(), 0.32)
        finally:
            self.bed.shape("none")
        queues = [self.bed.run("nsenter", f"--net={self.bed.folder}/net/{node}", "tc", "qdisc").stdout
                  for node in ("node1", "node2")]
        self.assertNotIn("tbf", "".join(queues))

    def test_a_node_that_is_cut_off_is_down_until_it_is_joined_again(self):
        job = self.bed.submit("#!/bin/bash\nsleep 600\n", "--nodelist=node2", "--no-requeue")
        self.bed.wait(job, "RUNNING")
        self.bed.cut("node2")
        try:
            self.bed.wait(job, "NODE_FAIL")
            self.assertEqual(self.bed.nodes(), {"node1": "idle", "node2": "down*"})
        finally:
            self.bed.join("node2")
        self.bed.wait_for_nodes("idle")
        self.transfer()


if __name__ == "__main__":
    bed.main()
