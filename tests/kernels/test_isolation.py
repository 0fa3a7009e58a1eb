"""Nothing that one notebook does is seen by the next."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from playbook_helpers.batch.fork_executor import execute_in_fork
from playbook_helpers.batch.kernels.forkserver import ForkServer
from playbook_helpers.batch.kernels.linux import can_fork
from playbook_helpers.batch.limits import Limits
from playbook_helpers.batch.summary import Outcome
from playbook_helpers.batch.tasks import Task

DO = (
    "import os, sys, random, math, textwrap, builtins, warnings, logging",
    "import numpy as np, pandas as pd, matplotlib as mpl, matplotlib.pyplot as plt",
    "os.environ['LEFT'] = 'x'; os.chdir('/'); sys.path.append('/left'); sys.left = 1",
    "textwrap.dedent = None; math.pi = 3; builtins.left = 1; np.mean = None",
    "mpl.rcParams['figure.dpi'] = 7; plt.figure(); pd.set_option('display.max_rows', 3)",
    "warnings.simplefilter('error'); logging.basicConfig(level=1); logging.disable(50)",
    "random.seed(1); np.random.seed(1)",
    "import wave; left = 1; _left = 2",
    "import ipywidgets as w; w.IntSlider()",
    "get_ipython().events.register('pre_run_cell', lambda *_: print('left'))",
    "sys.setrecursionlimit(77 + 500)",
    "import gc, locale, signal, socket, tempfile",
    "os.umask(0o7); tempfile.tempdir = '/left'; socket.setdefaulttimeout(7); gc.disable()",
    "signal.signal(signal.SIGALRM, print); signal.setitimer(signal.ITIMER_REAL, 700)",
    "locale.setlocale(locale.LC_NUMERIC, 'C.UTF-8'); sys.setswitchinterval(7)",
)
SEE = (
    "import os, sys",
    "print('LEFT' in os.environ, os.getcwd() == '/', '/left' in sys.path, 'wave' in sys.modules)",
    "import textwrap, builtins, math, numpy as np, random, matplotlib as mpl",
    "import warnings, logging, ipywidgets as w, matplotlib.pyplot as plt",
    "print(textwrap.dedent is None, math.pi == 3, hasattr(builtins, 'left'), np.mean is None)",
    "print(mpl.rcParams['figure.dpi'] == 7, plt.get_fignums())",
    "print('left' in globals(), '_left' in globals(), sys.getrecursionlimit() == 577)",
    "print(logging.root.level, logging.root.manager.disable, len(w.Widget.widgets))",
    "print(any(f[0] == 'error' and f[2] is Warning for f in warnings.filters))",
    "import gc, locale, signal, socket, tempfile, pandas as pd",
    "print(os.umask(0) == 0o7, tempfile.gettempdir() == '/left', socket.getdefaulttimeout())",
    "print(gc.isenabled(), signal.getsignal(signal.SIGALRM) is print)",
    "print(sys.getswitchinterval() == 7)",
    "print(signal.getitimer(signal.ITIMER_REAL), locale.setlocale(locale.LC_NUMERIC))",
    "print(pd.get_option('display.max_rows'))",
    "print('chance', random.random(), np.random.random())",
)
CLEAN = [
    "False False False False",
    "False False False False",
    "False []",
    "False False False",
    "30 0 0",
    "False",
    "False False None",
    "True False",
    "False",
    "(0.0, 0.0) C",
    "60",
]


@pytest.mark.skipif(not can_fork(), reason="forks are used on Linux only")
def test_the_next_notebook_sees_nothing(
    server: ForkServer, tmp_path: Path, make_task: Callable[..., Task]
) -> None:
    first = execute_in_fork(make_task(tmp_path, *DO), server=server, limits=Limits(60))
    assert first.status == "done", first
    see = make_task(tmp_path, *SEE)
    seen = [_printed(execute_in_fork(see, server=server, limits=Limits(60))) for _ in range(2)]
    assert seen[0][:-1] == CLEAN
    assert seen[0][-1] != seen[1][-1], "two notebooks draw different numbers"


def _printed(outcome: Outcome) -> list[str]:
    assert outcome.status == "done", outcome
    cells = json.loads(Path(outcome.notebook).read_text("utf-8"))["cells"]
    return [
        "".join(output["text"]).strip()
        for cell in cells
        for output in cell["outputs"]
        if output.get("name") == "stdout"
    ]
