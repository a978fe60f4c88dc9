"""One end of a TCP connection between the two tasks of a Slurm step: prints the bytes a second that arrive at this one
while both send."""

import os
import socket
import subprocess
import threading
import time

PORT = 45677
BYTES = 20_000_000  # each way
PATIENCE = 30  # seconds for the other end to be there


def first_node():
    names = subprocess.run(["scontrol", "show", "hostnames", os.environ["SLURM_JOB_NODELIST"]], capture_output=True,
                           text=True, check=True).stdout
    return names.split()[0]


def connect():
    if os.environ["SLURM_PROCID"] == "0":
        with socket.create_server(("", PORT)) as server:
            return server.accept()[0]
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return socket.create_connection((first_node(), PORT))
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


def main():
    with connect() as link:
        sender = threading.Thread(target=link.sendall, args=(bytes(BYTES),))
        start = time.monotonic()
        sender.start()
        got, buffer = 0, bytearray(1 << 20)
        while got < BYTES:
            got += link.recv_into(buffer)
        seconds = time.monotonic() - start
        sender.join()
    print(BYTES / seconds)


if __name__ == "__main__":
    main()
