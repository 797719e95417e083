"""Everything that a job of ``grade`` imports: done once, in the process from which all jobs are forked."""

import gc
import os
import signal

signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C reaches it and the jobs, too: they end without a word
os.environ.setdefault("OMP_NUM_THREADS", "1")  # before torch is imported: jobs stand side by side, one to a core

from autograde import check, client, notebooks, plugin  # noqa: E402, F401

plugin.import_trusted()
gc.collect()
gc.freeze()  # a garbage collection in a job would otherwise write to everything that it shares with the others
