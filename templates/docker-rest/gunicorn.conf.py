"""gunicorn's settings inside the image; flags after the image name in ``docker run`` override them.

The start command names this file, so that it holds whichever flags the user gives::

    ENTRYPOINT ["/opt/venv/bin/gunicorn", "--config", "/opt/packager/gunicorn.conf.py"]
    CMD ["--timeout", "60", "-b", "0.0.0.0:5000", "-w", "1", "--threads", "4",
         "packager_serving.wsgi:app", "--access-logfile", "-"]
"""

import mmap
import os
import signal
import sys
import threading
import time

from gunicorn.errors import HaltServer

# The wrapper lies beside this file. A set ``--pythonpath`` replaces the setting of the same name, hence not that one.
_here = os.path.dirname(os.path.abspath(__file__))
if _here not in sys.path:
    sys.path.insert(0, _here)

from packager_model.surroundings import prepare  # noqa: E402

prepare()

# The kernel ignores SIGTERM for process 1 until a handler stands: a container still loading would not stop.
# Once loaded, gunicorn sets its own; a reload (SIGHUP) reads this file again and must not undo that.
if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
    signal.signal(signal.SIGTERM, lambda number, frame: os._exit(128 + number))

wsgi_app = "packager_serving.wsgi:app"
bind = "0.0.0.0:" + os.environ.get("PORT", "5000")
timeout = 60
threads = 4
# gthread at one thread too: health probes and kept-alive connections never wait behind an idle one.
worker_class = "gthread"
keepalive = 75
# Less than the 30 seconds that Kubernetes waits before it kills.
graceful_timeout = 25

# Loading in the master means: the port opens with the model ready, workers share its memory, and a model that cannot
# load ends the container. Libraries that do not survive fork() once in use (a CUDA context, TensorFlow's thread pools)
# need PACKAGER_PRELOAD=0: every worker then loads its own, and the port is open while they do.
preload_app = os.environ.get("PACKAGER_PRELOAD", "1").strip().lower() not in ("0", "false", "no", "off")

accesslog = "-"
errorlog = "-"
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None
# From gunicorn 25.1 on there is a control socket under $HOME; older versions ignore this name.
control_socket_disable = True


def pre_fork(server, worker):
    """One byte that master and worker share: whether the worker has loaded."""
    worker.loaded = mmap.mmap(-1, 1)


def post_fork(server, worker):
    """Keeps a worker that loads its own model alive: gunicorn kills one that is silent for ``timeout`` seconds."""

    def beat():
        while not worker.loaded[0]:
            worker.notify()
            time.sleep(0.5)

    threading.Thread(target=beat, name="loading", daemon=True).start()


def post_worker_init(worker):
    """From here on the worker's own loop is its sign of life."""
    worker.loaded[0] = 1


def child_exit(server, worker):
    """Ends the server when a worker crashed in loading (no memory, a broken library): the next one would as well."""
    if not worker.loaded[0] and server.LISTENERS:
        print("packager: cannot load the model: a worker crashed while loading it", file=sys.stderr, flush=True)
        raise HaltServer("Worker crashed while loading.", 3)
