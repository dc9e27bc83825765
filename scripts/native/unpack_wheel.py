"""Unpacks libtensorflow and the headers of its C interface: unpack_wheel.py WHEEL DIRECTORY"""
import os
import shutil
import sys
import zipfile

LIBRARIES = {
    "tensorflow/libtensorflow_cc.so.2": "lib/libtensorflow_cc.so.2",
    "tensorflow/libtensorflow_framework.so.2": "lib/libtensorflow_framework.so.2",
}
# The C interface, and what its headers include in turn.
HEADERS = tuple(
    "tensorflow/include/tensorflow/" + start
    for start in ("c/", "tsl/c/", "core/platform/ctstring", "tsl/platform/ctstring")
)
PREFIX = "tensorflow/"


def target(name):
    if name in LIBRARIES:
        return LIBRARIES[name]
    return name[len(PREFIX) :] if name.startswith(HEADERS) and name.endswith(".h") else None


wheel, directory = sys.argv[1:]
with zipfile.ZipFile(wheel) as archive:
    for name in archive.namelist():
        relative = target(name)
        if relative is not None:
            path = os.path.join(directory, relative)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with archive.open(name) as source, open(path, "wb") as sink:
                shutil.copyfileobj(source, sink, 1 << 20)
