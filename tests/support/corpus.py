"""Notebooks that show what a kernel can do: each a name and its cells, some tagged.

A cell is its source, or (source, tag). With the tag `raises-exception` a run goes on after it.
"""

from __future__ import annotations

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

FAILS = "raises-exception"
Cell = str | tuple[str, str]

CORPUS: dict[str, list[Cell]] = {
    "printing": [
        "print('one')\nprint('two', end='')",
        "import sys\nprint('out')\nprint('err', file=sys.stderr)\nprint('out again')",
        "import time\nprint('before', flush=True)\ntime.sleep(0.35)\nprint('after')",
        "sys.stdout.write('no line end')\nsys.stderr.writelines(['a', 'b'])",
        "print('\\u00e9\\u4e2d\\U0001F600 \\x1b[31mred\\x1b[0m\\r\\b')",
        "sys.stdout.isatty(), sys.stdout.encoding, sys.stdout.name, sys.stdout.writable()",
        "print('a' * 100_000)",
        "for i in range(3):\n    print(i)\ni",
        "print('x'); 5",
        "print('a'); display('shown'); print('b')",
        ("sys.stdout.write(b'bytes')", FAILS),
    ],
    "past_python": [
        "import os, subprocess, time\nos.write(1, b'by number\\n')\ntime.sleep(0.3)",
        "os.system('echo from a shell')\ntime.sleep(0.3)",
        "subprocess.run(['sh', '-c', 'echo child'])\ntime.sleep(0.3)",
        "subprocess.run(['sh', '-c', 'echo bad >&2'])\ntime.sleep(0.3)",
        "!echo by magic; echo worse >&2",
        "!exit 3\n_exit_code",
        "lines = !printf 'a\\nb\\n'\nlines",
        "print(subprocess.run('echo kept', shell=True, capture_output=True, text=True).stdout)",
        "%%bash\necho in bash\necho to stderr >&2",
        "%%sh\necho $((6 * 7))",
    ],
    "showing": [
        "from IPython.display import *\ndisplay(HTML('<b>h</b>'), Markdown('*m*'), JSON({'a': 1}))",
        "Math('x^2'), Latex('$y$')",
        "Image(data=bytes.fromhex('89504e470d0a1a0a0000000d49484452'), format='png')",
        "SVG('<svg xmlns=\"http://www.w3.org/2000/svg\"/>')",
        "class Rich:\n"
        "    def _repr_html_(self): return '<i>rich</i>'\n"
        "    def _repr_mimebundle_(self, **kw): return {'text/plain': 'rich', 'x/y': 'own'}\n"
        "    def __repr__(self): return 'Rich()'\nRich()",
        "class Broken:\n    def _repr_html_(self): raise ValueError('no html')\nBroken()",
        "h = display('first', display_id='d1')\ndisplay('second', display_id='d1')",
        "update_display('changed', display_id='d1')",
        "h = display('handle', display_id=True)\nh.update({'now': 'a dict'})",
        "for i in range(3):\n    clear_output(wait=True)\n    print('round', i)",
        "print('gone')\nclear_output()\nprint('stays')",
        "display('only this')\nclear_output(wait=True)",
        "display({'text/plain': 'raw', 'application/json': {'k': [1, None, True]}}, raw=True)",
        "1\n2\n3",
        "None",
        "'semicolon';",
        "_, __, Out",
        "float('nan'), float('inf'), 10 ** 30",
        "{'z': 1, 'a': {2: 3}}, {1, 2}, b'bytes', range(3)",
        "%config InteractiveShell.ast_node_interactivity = 'all'",
        "'all'\n'shown'",
    ],
    "tables_and_charts": [
        "import pandas as pd, numpy as np\n"
        "pd.DataFrame({'a': [1, 2], 'b': ['<x>', None]}, index=['r', 's'])",
        "pd.Series([1.5, 2.5], name='s')",
        "np.arange(6).reshape(2, 3)",
        "import matplotlib.pyplot as plt\nplt.plot([1, 2, 3]); plt.title('t')",
        "fig, ax = plt.subplots(figsize=(2, 1))\nax.bar([1, 2], [3, 4])\nfig",
        "plt.figure(); plt.scatter([1], [1]); plt.show()\nplt.plot([2, 1])",
        "%matplotlib inline\n%config InlineBackend.figure_formats = ['svg']\n"
        "plt.rcParams['svg.hashsalt'] = 'same'\nprint(plt.get_backend())",
        "plt.close('all')\nprint(len(plt.get_fignums()))",
    ],
    "widgets": [
        "import ipywidgets as w\nslider = w.IntSlider(value=3, description='n')\nslider",
        "slider.value = 7\nprint(slider.value)",
        "out = w.Output()\ndisplay(out)\nwith out:\n    print('inside')\n    display('shown')",
        "with out:\n    print('more')\nprint('outside')",
        "out.clear_output()\nwith out:\n    print('anew')",
        "out.outputs",
        "@w.interact(x=(0, 5))\ndef f(x=2):\n    print('x is', x)\n    return x * 2",
        "b = w.Button(description='b')\nb.on_click(lambda _: print('clicked'))\nb.click()",
        "box = w.VBox([slider, w.Text('t'), w.Dropdown(options=['a', 'b'])])\nbox",
        "w.Image(value=b'\\x89PNG', format='png')",
        "slider.close()",
        "out2 = w.Output()\nwith out2:\n    1 / 0",
        "out2.append_stdout('appended')\nout2",
    ],
    "failing": [
        ("1 / 0", FAILS),
        (
            "def f():\n    raise ValueError('inner')\ntry:\n    f()\nexcept ValueError as e:\n"
            "    raise RuntimeError('outer') from e",
            FAILS,
        ),
        ("raise SystemExit(3)", FAILS),
        ("import sys\nsys.exit('words')", FAILS),
        ("raise KeyboardInterrupt", FAILS),
        ("for x in", FAILS),
        ("  bad = 1\n indent", FAILS),
        ("input('name? ')", FAILS),
        ("import getpass\ngetpass.getpass()", FAILS),
        ("raise Exception('<script>&\\x1b[0m')", FAILS),
        (
            "class Odd(Exception):\n    def __str__(self): raise TypeError('no words')\nraise Odd",
            FAILS,
        ),
        ("%no_such_magic", FAILS),
        ("assert [1, 2] == [1, 3], 'differ'", FAILS),
        ("raise ExceptionGroup('g', [ValueError(1), TypeError(2)])", FAILS),
        (
            "def deep(n):\n    return deep(n + 1)\ntry:\n    deep(0)\nexcept RecursionError as e:\n"
            "    print(type(e).__name__)",
            FAILS,
        ),
        "print('still here')",
        "1 / 0",
        "print('never')",
    ],
    "kept_between_cells": [
        "import contextvars, decimal, numpy as np\nv = contextvars.ContextVar('v')\n"
        "v.set('first'); np.seterr(all='raise'); decimal.getcontext().prec = 5",
        "v.get(), np.geterr(), decimal.getcontext().prec",
        ("np.float64(1) / 0", FAILS),
        "async def f():\n    v.set('second')\nawait f()\nv.get()",
        "import asyncio\nasync def g():\n    return v.get()\nawait asyncio.create_task(g())",
        "open('colorsys.py', 'w').write('x = 1'); open('beside.py', 'w').write('x = 2')",
        "import beside, colorsys\nbeside.x, hasattr(colorsys, 'x')",
        "import sys\nsys.path[sys.path.index('') + 1].endswith('-packages')",
        "len(_dh), _dh[0] == __import__('pathlib').Path.cwd()",
        "def fn(x):\n    return x + 1\nimport pickle\npickle.loads(pickle.dumps(fn))(1)",
        "import multiprocessing\nwith multiprocessing.get_context('fork').Pool(1) as p:\n"
        "    print(p.map(fn, [1, 2]))",
        "import inspect, warnings\nprint(inspect.getsource(fn))\n"
        "def warn():\n    warnings.warn('once', UserWarning)\nwarn(); warn()",
        "warn()",
        "%store -r nothing_of_this_name",
        "word = 'kept'\n%store word\ndel word\n%store -r word\nword",
        "%store -d word",
        "%bookmark here\n%bookmark -d here",
        "text = 'import sys; print(__name__, sys.argv); 1 / len(sys.argv[1:])'\n"
        "open('asked.py', 'w').write(text)",
        "%run asked.py a",
        "%%timeit -n1 -r1 -q\npass",
    ],
    "nested": [
        "import ipywidgets as w\na, b = w.Output(), w.Output()\nw.VBox([a, b])",
        "with a:\n    print('in a')\n    with b:\n        display('in b')\n    print('a again')",
        "with a:\n    display(b)\n    display('q', display_id='q')",
        "h = display('r', display_id='q')\nh.update('changed in both')",
        "with b:\n    for i in range(3):\n        b.clear_output(wait=True)\n        print(i)",
        "@a.capture(clear_output=True)\ndef g():\n    print('captured')\n    return 3\ng()",
        "a.outputs, b.outputs",
        "class Odd:\n    def _repr_html_(self): return 1 / 0\n"
        "    def __repr__(self): return 'Odd'\nOdd()",
        ("class Worse:\n    def __repr__(self): raise ValueError('none')\nWorse()", FAILS),
        ("display(float('nan')); display({'application/json': {1, 2}}, raw=True)", FAILS),
        "%%capture kept --no-stderr\nimport sys\nprint('x', file=sys.stderr); display('z')",
        "kept.show()",
        "# only a comment",
        "class Ended:\n    def _repr_html_(self): raise KeyboardInterrupt\nEnded()",
        "'after it'",
    ],
    "leaving_at_its_end": ["print('a')", "exit()"],
    "leaving": ["print('a')", "import sys\nsys.exit(0)", "print('after')"],
    "magics": [
        "%who_ls",
        "a = 1\n%whos",
        "%%time\nNone",
        "%%capture kept\nprint('caught')",
        "kept.stdout",
        "import os\nif os.path.exists('note.txt'): os.remove('note.txt')",
        "%%writefile note.txt\nin a file",
        "%cat note.txt",
        "%pwd\n%cd -q /\n%pwd",
        "%env PLAYBOOK_CORPUS=1\nimport os\nos.environ['PLAYBOOK_CORPUS']",
        "%%html\n<b>b</b>",
        "%%javascript\n1",
        "%alias_magic t time",
        "get_ipython().run_cell('print(\"nested\")')",
        "%xmode Plain",
        ("1 / 0", FAILS),
        "%precision 3\n3.14159",
        "In[1], _i1, len(In)",
        "import this",
        "print?",
        "len??",
        "%history -n 1-2",
        "%lsmagic;",
        "get_ipython().payload_manager.read_payload()",
        "__name__, __doc__",
        "import __main__\n__main__.a",
    ],
    "async": [
        "import asyncio\nawait asyncio.sleep(0.01)\n'waited'",
        "async def f():\n    print('in f')\n    return 3\nawait f()",
        "asyncio.get_running_loop().is_running()",
        # Kept: when Python collects a coroutine that nobody awaits, and says so, is chance.
        ("asyncio.run(kept := f())", FAILS),
        ("await asyncio.wait_for(asyncio.sleep(5), 0.05)", FAILS),
        "task = asyncio.create_task(f())\nawait task",
        "async for_ = 1"
        if False
        else "x = [i async for i in (j for j in [])] if False else 'ok'\nx",
        "results = await asyncio.gather(f(), f())\nresults",
        "import threading\nt = threading.Thread(target=lambda: print('from a thread'))\n"
        "t.start(); t.join()",
    ],
}


def notebook(name: str) -> nbformat.NotebookNode:
    """One notebook of the corpus."""
    cells = [new_markdown_cell(f"# {name}", id="title")]
    for place, cell in enumerate(CORPUS[name]):
        source, tag = (cell, "") if isinstance(cell, str) else cell
        made = new_code_cell(source, id=f"cell-{place}")
        made.metadata["tags"] = [tag] if tag else []
        cells.append(made)
    made = new_notebook(cells=cells)
    made.metadata["kernelspec"] = {
        "name": "python3",
        "language": "python",
        "display_name": "Python 3",
    }
    return made
