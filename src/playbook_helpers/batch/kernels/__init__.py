"""Kernels without a start: each notebook in a fork of one warm process.

`forkserver` hands jobs to the warm process, `forks` is that process, `cells` the kernel in a
fork, `client` papermill's notebook client over it, `journal` what a fork writes down and how it
is played again, `engine` what papermill calls, `follower` a notebook that papermill runs by itself,
`provisioner` a kernel of Jupyter's own in a fork. Nothing here knows of partnerships.
"""
