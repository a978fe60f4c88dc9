"""With what a program was built and runs: names and versions, as a paper's methods have them."""

import ctypes
import pathlib
import platform
import re
import shutil
import subprocess


class OneDnnVersion(ctypes.Structure):
    _fields_ = [("major", ctypes.c_int), ("minor", ctypes.c_int), ("patch", ctypes.c_int)]


def said_by(*command):
    if not shutil.which(command[0]):
        return ""
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False).stdout


def library_of(path, name):
    """Where the library is that a program loads; empty where it loads none of that name."""
    found = re.search(rf"{re.escape(name)}\S* => (/\S+)", said_by("ldd", path))
    return found[1] if found else ""


def program(path):
    """"seve 0.1.0 (ffc47d3f3821), CUDA 13.0, ..."."""
    return said_by(path, "--version").strip()


def compiler(path):
    """What compilers note in the program itself."""
    bytes_ = pathlib.Path(path).read_bytes()
    found = re.search(rb"GCC: \([^)\0]*\) ([0-9.]+)", bytes_)
    clang = re.search(rb"clang version ([0-9.]+)", bytes_)
    if clang:
        return "Clang " + clang[1].decode()
    return "GCC " + found[1].decode() if found else "a compiler that left no name"


def mpi():
    found = re.search(r"\(Open MPI\) (\S+)", said_by("mpirun", "--version"))
    return f"Open MPI {found[1]}" if found else "an MPI other than Open MPI"


def onednn(path):
    """The version of the library that the program loads."""
    library = library_of(path, "libdnnl.so")
    if not library:
        return "oneDNN linked in"
    function = ctypes.CDLL(library).dnnl_version
    function.restype = ctypes.POINTER(OneDnnVersion)
    version = function().contents
    return f"oneDNN {version.major}.{version.minor}.{version.patch}"


def kernel():
    return f"{platform.system()} {platform.release()}"


def system():
    try:
        return platform.freedesktop_os_release().get("PRETTY_NAME", "")
    except OSError:
        return ""
